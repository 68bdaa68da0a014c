using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>Requests that the rules refuse, and requests that are sent twice.</summary>
public class RefusalTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    HttpClient Agent => fixture.Agent();

    [Fact]
    public async Task broken_rules_are_422_and_leave_no_trace()
    {
        var id = await fixture.Open();
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
        (await fixture.Store.FetchStream(id)).Select(e => e.Data.GetType()).ShouldBe([typeof(TicketOpened), typeof(EscalationPlanned)]);
    }

    [Fact]
    public async Task every_command_refuses_a_future_moment_and_one_before_the_last_event()
    {
        var (id, now) = (await fixture.Open(), fixture.Clock.GetUtcNow());
        foreach (var command in Commands)
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
        (await fixture.Store.FetchStream(id)).Select(e => e.Data.GetType()).ShouldBe([typeof(TicketOpened), typeof(EscalationPlanned)]);
    }

    [Fact]
    public async Task a_closed_ticket_takes_no_commands_and_is_reopened_only_within_the_window()
    {
        var (id, then) = (await fixture.Open(fixture.Clock.GetUtcNow().AddDays(-40)), fixture.Clock.GetUtcNow().AddDays(-39));
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
                $"/api/service-desk/tickets/{id}/customer-replies",
                new { channel = "email", text = "It was the wrong one." }
            ),
            422,
            "reopen-window-over"
        );
        (await fixture.Store.FetchStream(id))
            .Where(e => e.Data is not (EscalationPlanned or Escalated))
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
        foreach (var blank in new[] { " ", "\u200b", "a\nb" })
            await Problem(await Agent.PostAsJsonAsync("/api/service-desk/tickets", Request(Guid.CreateVersion7(), blank)), 400);
        await Problem(
            await Agent.PostAsJsonAsync("/api/service-desk/tickets", Request(Guid.CreateVersion7(), $" {reference} ")),
            409,
            "duplicate-reference"
        );

        var (id, agent) = (await fixture.Open(), Agent);
        agent.DefaultRequestHeaders.Add("If-Match", "\"7\"");
        await Problem(await agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/wait", new { }), 412, "stale-version");
        var read = await Agent.GetAsync($"/api/service-desk/tickets/{id}");
        foreach (var malformed in new[] { "1", "\"", "\"1", "\"one\"", "\"99999999999999999999\"" })
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
