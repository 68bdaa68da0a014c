using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmPlatform.ServiceDesk.Tests.Imports;

/// <summary>Uploads of tickets, and their results in few words.</summary>
static class TicketUploads
{
    public const string Header =
        "source,reference,customerId,kind,category,subject,event,occurredAt,channel,agent,text,automatic,outcome,cause,reason,score";

    /// <summary>Whose tickets they are where a test does not say it.</summary>
    public static readonly Guid Somebody = NameId.For("somebody");

    static readonly JsonSerializerOptions withoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    static int names;

    /// <summary>A help desk that no other test uses.</summary>
    public static string Fresh() => $"desk-{Interlocked.Increment(ref names)}";

    public static Task<HttpResponseMessage> Upload(
        this DeskFixture fixture,
        string body,
        string type = "text/csv",
        string query = "",
        string id = "old-desk"
    ) =>
        fixture
            .Http("service-desk.import", "customers.read")
            .PostAsync($"/api/service-desk/imports/{id}/tickets{query}", new StringContent(body, Encoding.UTF8, type));

    /// <summary>Row, status, error, field and line of each result.</summary>
    public static async Task<List<string>> Import(this DeskFixture fixture, string body, string type = "text/csv", string query = "") =>
        [.. (await Results(await fixture.Upload(body, type, query))).Select(Short)];

    public static async Task<List<JsonElement>> Results(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    public static string Short(JsonElement row)
    {
        string? Text(string name) => row.TryGetProperty(name, out var value) ? value.ToString() : null;
        return $"{Text("row")} {Text("status")} {Text("error")} {Text("field")} {Text("line")}".TrimEnd();
    }

    /// <summary>The cells of a record from its event on.</summary>
    public static string Entry(
        string what,
        string at,
        string channel = "",
        string agent = "",
        string text = "",
        string automatic = "",
        string outcome = "",
        string cause = "",
        string reason = "",
        string score = ""
    ) => string.Join(',', what, $"2024-03-{at}:00Z", channel, agent, text, automatic, outcome, cause, reason, score);

    /// <summary>The records of one complaint.</summary>
    public static string Ticket(string source, int number, params string[] entries) =>
        string.Concat(entries.Select(e => $"{source},T-{number},{Somebody},complaint,delivery,Late,{e}\n"));

    /// <summary>A row of JSON: a request that was answered after 10 minutes and solved after 20.</summary>
    public static string Row(
        string source,
        int reference,
        object? customer = null,
        DateTimeOffset? at = null,
        params IEnumerable<object> more
    )
    {
        var opened = at ?? new DateTimeOffset(2024, 3, 4, 9, 0, 0, TimeSpan.Zero);
        return JsonSerializer.Serialize(
            new
            {
                source,
                reference = $"T-{reference}",
                customerId = customer is Guid or null ? customer ?? Somebody : null,
                customer = customer is Guid or null ? null : customer,
                kind = "request",
                category = "invoice",
                channel = "phone",
                subject = "A copy, please",
                occurredAt = opened,
                history = (object[])
                    [
                        new
                        {
                            @event = "reply",
                            agent = "agent-7",
                            channel = "email",
                            text = "Here.",
                            occurredAt = opened.AddMinutes(10),
                        },
                        new
                        {
                            @event = "resolved",
                            outcome = "sent",
                            occurredAt = opened.AddMinutes(20),
                        },
                        .. more,
                    ],
            },
            withoutNulls
        );
    }
}
