using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>What every endpoint says to bad requests, and to the same request twice.</summary>
public class EndpointTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    static readonly string[] commands = ["assign", "replies", "notes", "wait", "resolve", "close", "reopen", "satisfaction"];

    HttpClient Agent => fixture.Http("service-desk.read", "service-desk.write");

    static object Request(Guid customer, string? reference = null, DateTimeOffset? occurredAt = null) =>
        new
        {
            customerId = customer,
            kind = "request",
            category = "invoice",
            channel = "phone",
            subject = "A copy, please",
            source = reference is null ? null : "test",
            reference,
            occurredAt,
        };

    async Task<Guid> Open(DateTimeOffset? at = null) =>
        (
            await (await Agent.PostAsJsonAsync("/api/service-desk/tickets", Request(Guid.CreateVersion7(), occurredAt: at)))
                .EnsureSuccessStatusCode()
                .Content.ReadFromJsonAsync<Changed>()
        )!.Id;

    static object Valid(string command) =>
        command switch
        {
            "replies" => new
            {
                by = "agent",
                channel = "email",
                text = "Here.",
            },
            "notes" => new { text = "Done." },
            "resolve" => new { outcome = "sent" },
            "reopen" => new { reason = "wrong-copy" },
            "satisfaction" => new { score = 5 },
            _ => new { },
        };

    static JsonObject At(string command, DateTimeOffset occurredAt)
    {
        var body = JsonSerializer.SerializeToNode(Valid(command))!.AsObject();
        body["occurredAt"] = occurredAt;
        return body;
    }

    static async Task Problem(HttpResponseMessage answer, int status, string? type = null)
    {
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, body);
        var urn = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("type").GetString()!;
        urn.ShouldStartWith("urn:crm:");
        if (type is not null)
            urn.ShouldBe("urn:crm:" + type);
    }

    [Theory]
    [InlineData("tickets", "{}")]
    [InlineData("tickets", "[]")]
    [InlineData("tickets", "not json")]
    [InlineData("tickets", """{"customerId":"anna","kind":"request","category":"a","channel":"web","subject":"s"}""")]
    [InlineData(
        "tickets",
        """{"customerId":"00000000-0000-0000-0000-000000000000","kind":"request","category":"a","channel":"web","subject":"s"}"""
    )]
    [InlineData(
        "tickets",
        """{"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"rant","category":"a","channel":"web","subject":"s"}"""
    )]
    [InlineData(
        "tickets",
        """{"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"request","category":"Free text!","channel":"web","subject":"s"}"""
    )]
    [InlineData(
        "tickets",
        """{"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"request","category":"a","channel":"web","subject":""}"""
    )]
    [InlineData(
        "tickets",
        """{"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"request","category":"a","channel":"web","subject":"s","severity":"awful"}"""
    )]
    [InlineData(
        "tickets",
        """{"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"request","category":"a","channel":"web","subject":"s","source":"only"}"""
    )]
    [InlineData(
        "tickets",
        """{"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"request","category":"a","channel":"web","subject":"s","occurredAt":"lately"}"""
    )]
    [InlineData(
        "tickets",
        """{"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"request","category":"a","channel":"web","subject":"s","mood":"bad"}"""
    )]
    [InlineData("tickets/{id}/assign", """{"agent":"some one@example.com"}""")]
    [InlineData("tickets/{id}/replies", """{"by":"robot","channel":"email","text":"x"}""")]
    [InlineData("tickets/{id}/replies", """{"by":"agent","channel":"email","text":""}""")]
    [InlineData("tickets/{id}/replies", """{"by":"agent","channel":"email"}""")]
    [InlineData("tickets/{id}/notes", "{}")]
    [InlineData("tickets/{id}/notes", "")]
    [InlineData("tickets/{id}/wait", """{"until":"tomorrow"}""")]
    [InlineData("tickets/{id}/resolve", "{}")]
    [InlineData("tickets/{id}/resolve", """{"outcome":"It went well"}""")]
    [InlineData("tickets/{id}/close", """{"occurredAt":5}""")]
    [InlineData("tickets/{id}/reopen", """{"reason":null}""")]
    [InlineData("tickets/{id}/satisfaction", """{"score":6}""")]
    [InlineData("tickets/{id}/satisfaction", """{"score":"good"}""")]
    public async Task malformed_is_400(string path, string body)
    {
        path = path.Replace("{id}", (await Open()).ToString(), StringComparison.Ordinal);
        await Problem(await Agent.PostAsync("/api/service-desk/" + path, new StringContent(body, Encoding.UTF8, "application/json")), 400);
    }

    [Theory]
    [InlineData("tickets?status=lost")]
    [InlineData("tickets?priority=huge")]
    [InlineData("tickets?kind=rant")]
    [InlineData("tickets?customer=anna")]
    [InlineData("tickets?limit=0")]
    [InlineData("tickets?after=nonsense")]
    [InlineData("queue?limit=201")]
    [InlineData("queue?after=%25%25")]
    public async Task malformed_questions_are_400(string path) => await Problem(await Agent.GetAsync("/api/service-desk/" + path), 400);

    [Fact]
    public async Task what_is_not_there_is_404()
    {
        var nobody = Guid.CreateVersion7();
        await Problem(await Agent.GetAsync($"/api/service-desk/tickets/{nobody}"), 404, "not-found");
        await Problem(await Agent.GetAsync("/api/service-desk/tickets/7"), 404);
        var keyed = Agent;
        keyed.DefaultRequestHeaders.Add("Idempotency-Key", "not-there");
        foreach (var command in commands)
        {
            await Problem(await keyed.PostAsJsonAsync($"/api/service-desk/tickets/{nobody}/{command}", Valid(command)), 404, "not-found");
            await Problem(await keyed.PostAsJsonAsync($"/api/service-desk/tickets/{nobody}/{command}", Valid(command)), 404, "not-found");
        }
    }

    [Fact]
    public async Task every_endpoint_asks_for_a_token_and_its_permission()
    {
        var id = Guid.CreateVersion7();
        foreach (var path in new[] { "tickets", "queue", "summary", $"tickets/{id}", $"customers/{id}/personal" })
        {
            await Problem(await fixture.Anonymous().GetAsync("/api/service-desk/" + path), 401);
            await Problem(await fixture.Http("service-desk.write").GetAsync("/api/service-desk/" + path), 403);
        }
        foreach (var path in commands.Select(c => $"tickets/{id}/{c}").Prepend("tickets"))
        {
            await Problem(await fixture.Anonymous().PostAsJsonAsync("/api/service-desk/" + path, new { }), 401);
            await Problem(await fixture.Http("service-desk.read").PostAsJsonAsync("/api/service-desk/" + path, new { }), 403);
        }
        await Problem(await Agent.GetAsync($"/api/service-desk/customers/{id}/personal"), 403);
    }

    [Fact]
    public async Task broken_rules_are_422_and_leave_no_trace()
    {
        var id = await Open();
        await Problem(await Agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/close", new { }), 422, "ticket-not-resolved");
        await Problem(
            await Agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/reopen", new { reason = "x" }),
            422,
            "ticket-not-resolved"
        );
        await Problem(
            await Agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/satisfaction", new { score = 1 }),
            422,
            "ticket-not-resolved"
        );
        await Problem(
            await Agent.PostAsJsonAsync(
                $"/api/service-desk/tickets/{id}/notes",
                new { text = "x", occurredAt = fixture.Clock.GetUtcNow().AddDays(1) }
            ),
            422,
            "in-the-future"
        );
        await Problem(
            await Agent.PostAsJsonAsync(
                $"/api/service-desk/tickets/{id}/notes",
                new { text = "x", occurredAt = fixture.Clock.GetUtcNow().AddDays(-1) }
            ),
            422,
            "before-last-event"
        );
        await Problem(
            await Agent.PostAsJsonAsync(
                "/api/service-desk/tickets",
                new
                {
                    customerId = id,
                    kind = "request",
                    category = "a",
                    channel = "web",
                    subject = "s",
                    severity = "major",
                }
            ),
            422,
            "severity-of-complaints-only"
        );
        (await fixture.Store.FetchStream(id)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task every_command_refuses_a_moment_of_the_future_and_one_before_the_last_event()
    {
        var (id, now) = (await Open(), fixture.Clock.GetUtcNow());
        foreach (var command in commands)
        {
            await Problem(
                await Agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/{command}", At(command, now.AddDays(1))),
                422,
                "in-the-future"
            );
            await Problem(
                await Agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/{command}", At(command, now.AddDays(-1))),
                422,
                "before-last-event"
            );
        }
        (await fixture.Store.FetchStream(id)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task what_is_solved_or_closed_is_worked_on_no_more_and_after_the_window_opened_no_more()
    {
        var (id, then) = (await Open(fixture.Clock.GetUtcNow().AddDays(-40)), fixture.Clock.GetUtcNow().AddDays(-39));
        (await Agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/resolve", At("resolve", then))).StatusCode.ShouldBe(
            HttpStatusCode.OK
        );
        foreach (var command in new[] { "wait", "resolve" })
            await Problem(await Agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/{command}", Valid(command)), 422, "ticket-resolved");
        (await Agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/close", At("close", then))).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var command in new[] { "assign", "replies", "wait", "resolve" })
            await Problem(await Agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/{command}", Valid(command)), 422, "ticket-closed");
        await Problem(await Agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/reopen", Valid("reopen")), 422, "reopen-window-over");
        await Problem(
            await Agent.PostAsJsonAsync(
                $"/api/service-desk/tickets/{id}/replies",
                new
                {
                    by = "customer",
                    channel = "email",
                    text = "It was the wrong one.",
                }
            ),
            422,
            "reopen-window-over"
        );
        (await fixture.Store.FetchStream(id))
            .Select(e => e.Data.GetType().Name)
            .ShouldBe(["TicketOpened", "SlaBreached", "SlaBreached", "TicketResolved", "TicketClosed"]);
    }

    [Fact]
    public async Task duplicates_are_409_and_stale_versions_412()
    {
        var reference = Guid.CreateVersion7().ToString();
        (await Agent.PostAsJsonAsync("/api/service-desk/tickets", Request(Guid.CreateVersion7(), reference))).StatusCode.ShouldBe(
            HttpStatusCode.Created
        );
        await Problem(
            await Agent.PostAsJsonAsync("/api/service-desk/tickets", Request(Guid.CreateVersion7(), reference)),
            409,
            "duplicate-reference"
        );

        var (id, agent) = (await Open(), Agent);
        agent.DefaultRequestHeaders.Add("If-Match", "\"7\"");
        await Problem(await agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/wait", new { }), 412, "stale-version");
        var read = await Agent.GetAsync($"/api/service-desk/tickets/{id}");
        foreach (var malformed in new[] { "1", "\"", "\"1", "W/\"1\"", "\"one\"", "\"99999999999999999999\"" })
        {
            agent = Agent;
            agent.DefaultRequestHeaders.TryAddWithoutValidation("If-Match", malformed);
            await Problem(await agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/wait", new { }), 400, "invalid-request");
        }
        agent = Agent;
        agent.DefaultRequestHeaders.Add("If-Match", read.Headers.ETag!.ToString());
        (await agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/wait", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task the_same_key_gives_the_first_answer_and_another_body_is_refused()
    {
        var (customer, agent) = (Guid.CreateVersion7(), Agent);
        agent.DefaultRequestHeaders.Add("Idempotency-Key", "ticket-1");
        var first = await agent.PostAsJsonAsync("/api/service-desk/tickets", Request(customer));
        var again = await agent.PostAsJsonAsync("/api/service-desk/tickets", Request(customer));
        (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        await Problem(
            await agent.PostAsJsonAsync("/api/service-desk/tickets", Request(Guid.CreateVersion7())),
            409,
            "idempotency-key-reused"
        );
        (await Agent.GetFromJsonAsync<JsonElement>($"/api/service-desk/tickets?customer={customer}"))
            .GetProperty("items")
            .GetArrayLength()
            .ShouldBe(1);
    }
}
