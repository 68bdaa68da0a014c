using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Policies;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>A desk that is always open and whose rules are published.</summary>
public class RulesRoom : DeskFixture
{
    public HttpClient Lead => Http("service-desk.policies", "service-desk.read");

    internal static object Body(DateTimeOffset from, params SlaPolicy[] policies) =>
        new
        {
            from,
            calendars = new Dictionary<string, object>
            {
                ["default"] = new { week = Enum.GetNames<DayOfWeek>().ToDictionary(d => d, _ => new[] { "00:00-24:00" }) },
            },
            policies,
        };

    internal async Task<JsonElement> Ask(HttpMethod method, string path, object? body, int status = 200)
    {
        using var request = new HttpRequestMessage(method, "/api/service-desk/" + path) { Content = JsonContent.Create(body) };
        var answer = await Lead.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    internal async Task<int> Publish(params SlaPolicy[] policies)
    {
        var done = await Ask(HttpMethod.Put, "rules", Body(Clock.GetUtcNow().AddMinutes(2), policies));
        await Services.GetRequiredService<FollowRules>().Run(default);
        Clock.Advance(TimeSpan.FromMinutes(3));
        return done.GetProperty("version").GetInt32();
    }

    internal async Task<JsonElement> Migrate(string mode) => await Ask(HttpMethod.Post, "rules/migrate", new { mode });

    internal async Task<Guid> Opened(Guid customer) => (await this.Post("tickets", Request(customer), HttpStatusCode.Created)).Id;

    internal async Task<DateTimeOffset?> Due(Guid ticket, string clock) =>
        (await this.Get($"tickets/{ticket}"))
            .GetProperty("clocks")
            .EnumerateArray()
            .Single(c => c.GetProperty("clock").GetString() == clock)
            .GetProperty("dueAt")
            .GetDateTimeOffset();

    internal Task<List<DateTimeOffset>> Dues(Guid ticket) =>
        Db.Query<DateTimeOffset>(
            """
            select due_at from promises where ticket_id = @ticket and clock = 'resolution' union all
            select resolution_due from ticket_list where ticket_id = @ticket union all
            select due_at from ticket_queue where ticket_id = @ticket and due_at = (
                select least(first_due, resolution_due) from ticket_list where ticket_id = @ticket)
            """,
            new { ticket },
            default
        );
}
