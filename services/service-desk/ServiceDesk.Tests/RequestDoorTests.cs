using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>What every room does with headers, paths, queries and bodies before an endpoint runs; tried on the desk.</summary>
public class RequestDoorTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    const string Ticket = """
        {"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"request","category":"a","channel":"web","subject":"s"}
        """;

    HttpClient Agent => fixture.Agent();

    [Theory]
    [InlineData("limit=x", "limit", "'limit' must be a whole number")]
    [InlineData("limit=", "limit", "'limit' must be a whole number")]
    [InlineData("limit=1&limit=2", "limit", "'limit' must be given once")]
    [InlineData("customer=anna", "customer", "'customer' must be a UUID")]
    [InlineData("agent=%00", "agent", "'agent' must be text without U+0000")]
    public async Task a_malformed_query_names_the_parameter_and_what_is_expected(string query, string field, string detail)
    {
        var problem = await Refused(await Agent.GetAsync($"/api/service-desk/tickets?{query}"), 400);
        (Text(problem, "field"), Text(problem, "detail")).ShouldBe((field, detail));
    }

    [Theory]
    [InlineData("{}", "customerId", "Required properties are missing: customerId, kind, category, channel, subject.")]
    [InlineData("""{"customerId":7}""", "customerId", "'customerId' must be a UUID.")]
    [InlineData("""{"subject":null}""", "subject", "'subject' must be text without U+0000, not null.")]
    [InlineData("""{"subject":"\u0000"}""", "subject", "'subject' must be text without U+0000.")]
    [InlineData("""{"mood":"bad"}""", "mood", "The property mood is unknown.")]
    [InlineData("""{"subject":"a","subject":"b"}""", "subject", "The property subject is given twice.")]
    [InlineData("""{"subject":"a","Subject":"b"}""", "Subject", "The property Subject is given twice.")]
    [InlineData(
        """{"occurredAt":"2026-05-04T10:00:00"}""",
        "occurredAt",
        "'occurredAt' must be an instant with an offset, like 2026-05-31T12:00:00Z, from 1900 to 2199."
    )]
    [InlineData("{", null, "The text is not JSON, in line 1 at byte 2.")]
    [InlineData("[]", null, "The body must be an object.")]
    [InlineData("null", null, "A body is expected: a JSON object.")]
    [InlineData("", null, "A body is expected: a JSON object.")]
    public async Task a_malformed_body_names_the_property_and_what_is_expected(string body, string? field, string detail)
    {
        var problem = await Refused(await Agent.PostAsync("/api/service-desk/tickets", Json(body)), 400);
        (Text(problem, "field"), Text(problem, "detail")).ShouldBe((field, detail));
    }

    [Fact]
    public async Task a_broken_rule_is_named_as_it_is_spelled_in_json()
    {
        var body = Ticket.Replace("\"s\"", "\"\"", StringComparison.Ordinal);
        var problem = await Refused(await Agent.PostAsync("/api/service-desk/tickets", Json(body)), 400);
        Text(problem, "field").ShouldBe("subject");
        problem.GetProperty("errors").EnumerateObject().Single().Name.ShouldBe("subject");
    }

    [Theory]
    [InlineData("application/json; charset=\"utf-8\"", 201)]
    [InlineData("application/json; charset=utf8", 201)]
    [InlineData("application/json; charset=UTF-8", 201)]
    [InlineData("application/json; charset=gbk", 415)]
    [InlineData("application/json; charset=nobody-knows", 415)]
    [InlineData("text/plain", 415)]
    public async Task only_utf_8_is_read_however_it_is_spelled(string type, int status)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Ticket));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var answer = await Agent.PostAsync("/api/service-desk/tickets", content);
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/service-desk/tickets/0190b3a0-0000-7000-8000-00000000dead", 404)]
    [InlineData("/api/service-desk/tickets?limit=0", 400)]
    [InlineData("/api/service-desk/nowhere", 404)]
    public async Task a_problem_is_written_whatever_the_client_accepts(string path, int status)
    {
        var agent = Agent;
        agent.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        await Refused(await agent.GetAsync(path), status);
    }

    [Fact]
    public async Task a_refused_permission_is_named()
    {
        var problem = await Refused(await fixture.Http("service-desk.write").GetAsync("/api/service-desk/tickets"), 403);
        Text(problem, "detail").ShouldBe("This request requires the permission service-desk.read.");
    }

    [Fact]
    public async Task a_weak_etag_never_matches()
    {
        var (id, agent) = (await fixture.Open(), Agent);
        agent.DefaultRequestHeaders.TryAddWithoutValidation("If-Match", "W/\"1\"");
        await Problem(await agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/wait", new { }), 412, "stale-version");
    }

    [Fact]
    public async Task a_key_counts_for_the_route_however_its_path_is_spelled()
    {
        var (id, agent) = (await fixture.Open(), Agent);
        agent.DefaultRequestHeaders.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        var answers = new List<string>();
        foreach (
            var path in new[]
            {
                $"/api/service-desk/tickets/{id}/notes",
                $"/API/Service-Desk/Tickets/{id}/notes",
                $"/api/service-desk/tickets/{id.ToString().ToUpperInvariant()}/notes/",
            }
        )
            answers.Add(await (await agent.PostAsJsonAsync(path, new { text = "once" })).Content.ReadAsStringAsync());
        answers.Distinct().ShouldHaveSingleItem();
        (await fixture.Store.FetchStream(id)).Count(e => e.Data is NoteAdded).ShouldBe(1);
    }

    [Fact]
    public async Task two_keys_in_one_request_are_refused()
    {
        var agent = Agent;
        agent.DefaultRequestHeaders.TryAddWithoutValidation("Idempotency-Key", ["one", "two"]);
        var problem = await Refused(await agent.PostAsync("/api/service-desk/tickets", Json(Ticket)), 400);
        Text(problem, "field").ShouldBe("Idempotency-Key");
    }

    static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    static string? Text(JsonElement problem, string property) => problem.TryGetProperty(property, out var value) ? value.GetString() : null;

    static async Task<JsonElement> Refused(HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe((HttpStatusCode)status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
