using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>Which messages keep a promise, and what answers and figures say about promises.</summary>
public class PromiseTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task a_solution_that_no_customer_saw_is_no_first_response()
    {
        var id = await fixture.Open();
        await fixture.Post($"tickets/{id}/resolve", new { outcome = "sent" });
        var clock = await Clock(id, 0);
        (Text(clock, "state"), Text(clock, "metAt")).ShouldBe(("running", null));
        fixture.Clock.Advance(TimeSpan.FromHours(9));
        (await fixture.RunDue<BreachClock>()).ShouldBeGreaterThanOrEqualTo(1);
        Text(await Clock(id, 0), "state").ShouldBe("late");
        (await Clock(id, 1)).GetProperty("breached").GetBoolean().ShouldBeFalse("it was solved in time");
    }

    [Fact]
    public async Task an_automatic_answer_is_recorded_and_keeps_no_promise()
    {
        var id = await fixture.Open();
        await fixture.Post($"tickets/{id}/replies", Reply(automatic: true));
        Text(await Clock(id, 0), "metAt").ShouldBeNull();
        await fixture.Post($"tickets/{id}/wait", new { });
        await fixture.Post($"tickets/{id}/customer-replies", Reply(automatic: true));
        var ticket = await fixture.Get($"tickets/{id}");
        Text(ticket, "status").ShouldBe("waiting", "an out-of-office note is no answer");
        ticket.GetProperty("messages").GetArrayLength().ShouldBe(2);
        await fixture.Post($"tickets/{id}/replies", Reply());
        Text(await Clock(id, 0), "metAt").ShouldNotBeNull();
    }

    [Fact]
    public async Task an_agent_does_not_speak_for_the_customer()
    {
        var id = await fixture.Open();
        await fixture.Post($"tickets/{id}/resolve", new { outcome = "sent" });
        var agent = fixture.Http("service-desk.read", "service-desk.write");
        await Problem(await agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/satisfaction", new { score = 5 }), 403);
        await Problem(await agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/customer-replies", Reply()), 403);
        var portal = fixture.Http("service-desk.customer");
        (await portal.PostAsJsonAsync($"/api/service-desk/tickets/{id}/satisfaction", new { score = 1 })).EnsureSuccessStatusCode();
        await Problem(await portal.PostAsJsonAsync($"/api/service-desk/tickets/{id}/replies", Reply()), 403);
    }

    [Fact]
    public async Task an_agent_may_end_the_waiting()
    {
        var id = await fixture.Open();
        await fixture.Post($"tickets/{id}/wait", new { });
        await fixture.Post($"tickets/{id}/resume", new { });
        Text(await fixture.Get($"tickets/{id}"), "status").ShouldBe("open");
        Text(await Clock(id, 1), "state").ShouldBe("running");
        await Problem(await fixture.Agent().PostAsJsonAsync($"/api/service-desk/tickets/{id}/resume", new { }), 422, "ticket-not-waiting");
    }

    [Fact]
    public async Task a_solved_ticket_tells_its_due_instants_first_reply_and_reopenings()
    {
        var id = await fixture.Open();
        var opened = (await fixture.Get($"tickets/{id}")).GetProperty("openedAt").GetDateTimeOffset();
        fixture.Clock.Advance(TimeSpan.FromMinutes(90));
        await fixture.Post($"tickets/{id}/replies", Reply());
        await fixture.Post($"tickets/{id}/resolve", new { outcome = "sent" });
        await fixture.Post($"tickets/{id}/reopen", new { reason = "wrong-copy" });
        await fixture.Post($"tickets/{id}/resolve", new { outcome = "sent" });
        var ticket = await fixture.Get($"tickets/{id}");
        (ticket.GetProperty("reopened").GetInt32(), ticket.GetProperty("firstReplyMinutes").GetInt32()).ShouldBe((1, 90));
        (await Clock(id, 0)).GetProperty("dueAt").GetDateTimeOffset().ShouldBe(opened.AddHours(8), TimeSpan.FromHours(1.1));
        (await Clock(id, 1)).GetProperty("dueAt").GetDateTimeOffset().ShouldBe(opened.AddHours(24), TimeSpan.FromHours(1.1));
        var row = (await fixture.Get($"tickets?customer={ticket.GetProperty("customerId").GetGuid()}")).GetProperty("items")[0];
        (row.GetProperty("reopened").GetInt32(), row.GetProperty("firstReplyMinutes").GetInt32()).ShouldBe((1, 90));
        row.GetProperty("firstResponseDueAt").GetDateTimeOffset().ShouldBe(opened.AddHours(8), TimeSpan.FromHours(1.1));
        row.GetProperty("resolutionDueAt").GetDateTimeOffset().ShouldBe(opened.AddHours(24), TimeSpan.FromHours(1.1));
    }

    [Fact]
    public async Task figures_count_the_tickets_that_were_opened_in_a_period()
    {
        var day = new DateTimeOffset(2024, 3, 1, 9, 0, 0, TimeSpan.Zero);
        var ids = new List<Guid>();
        foreach (var minutes in new[] { 10, 20, 60, 600 })
        {
            var id = await fixture.Open(day);
            ids.Add(id);
            await fixture.Post($"tickets/{id}/replies", At(Reply(), day.AddMinutes(minutes)));
            await fixture.Post($"tickets/{id}/resolve", At("resolve", day.AddMinutes(minutes + 30)));
        }
        await fixture.Post($"tickets/{ids[0]}/reopen", At("reopen", day.AddDays(1)));
        await fixture.Open(day.AddDays(-1));
        var figures = await fixture.Get("figures?from=2024-03-01T00:00:00Z&until=2024-03-02T00:00:00Z");
        figures.GetProperty("opened").GetInt64().ShouldBe(4);
        figures.GetProperty("solved").GetInt64().ShouldBe(3);
        figures.GetProperty("reopened").GetInt64().ShouldBe(1);
        var first = figures.GetProperty("firstResponse");
        (first.GetProperty("met").GetInt64(), first.GetProperty("missed").GetInt64()).ShouldBe((3, 1));
        first.GetProperty("attainment").GetDecimal().ShouldBe(0.75m);
        (first.GetProperty("medianMinutes").GetInt32(), first.GetProperty("p90Minutes").GetInt32()).ShouldBe((20, 600));
        var resolution = figures.GetProperty("resolution");
        (resolution.GetProperty("met").GetInt64(), resolution.GetProperty("missed").GetInt64()).ShouldBe(
            (3, 1),
            "one is open again, and late"
        );
        await Problem(
            await fixture.Agent().GetAsync("/api/service-desk/figures?from=2024-03-02T00:00:00Z&until=2024-03-01T00:00:00Z"),
            400
        );
    }

    [Fact]
    public async Task imported_history_is_not_judged_before_it_has_arrived()
    {
        var day = fixture.Clock.GetUtcNow().AddDays(-60);
        var id = (await fixture.Post("tickets", Request(Guid.CreateVersion7(), "late-reply", day), HttpStatusCode.Created)).Id;
        await fixture.RunDue<BreachClock>();
        fixture.Clock.Advance(TimeSpan.FromSeconds(14));
        await fixture.Post($"tickets/{id}/replies", At(Reply(), day.AddMinutes(10)));
        await fixture.Post($"tickets/{id}/resolve", At("resolve", day.AddMinutes(20)));
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.RunDue<BreachClock>();
        (await fixture.Store.FetchStream(id)).Select(e => e.Data).OfType<SlaBreached>().ShouldBeEmpty();
    }

    [Fact]
    public async Task imported_history_is_judged_once_its_source_is_silent()
    {
        var day = fixture.Clock.GetUtcNow().AddDays(-60);
        var id = (await fixture.Post("tickets", Request(Guid.CreateVersion7(), "no-reply", day), HttpStatusCode.Created)).Id;
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.RunDue<BreachClock>();
        (await fixture.Store.FetchStream(id)).Select(e => e.Data).OfType<SlaBreached>().Count().ShouldBe(2);
    }

    static object Reply(bool automatic = false) =>
        automatic
            ? new
            {
                channel = "email",
                text = "We have received your message.",
                automatic,
            }
            : new { channel = "email", text = "Here." };

    async Task<JsonElement> Clock(Guid id, int clock) => (await fixture.Get($"tickets/{id}")).GetProperty("clocks")[clock];

    static string? Text(JsonElement of, string property) => of.TryGetProperty(property, out var value) ? value.GetString() : null;
}
