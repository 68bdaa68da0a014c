using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.CorrectiveActions;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.CorrectiveActions;

/// <summary>What is done so that a cause does not come back. A room of its own.</summary>
public class ActionTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    static object Action(DateTimeOffset dueAt, string cause = "lost-parcel", Guid? ticketId = null, DateTimeOffset? occurredAt = null) =>
        new
        {
            title = "换承运商:每日交接清点",
            cause,
            owner = "lead-1",
            dueAt,
            ticketId,
            occurredAt,
        };

    async Task<Guid> Decided(DateTimeOffset at, string severity = "minor", string cause = "lost-parcel")
    {
        var id = (await fixture.Post("tickets", DeskRequests.Complaint(Guid.CreateVersion7(), null, at), HttpStatusCode.Created)).Id;
        await fixture.Post($"tickets/{id}/assess", At(new { severity }, at));
        await fixture.Post($"tickets/{id}/decide", At(new { outcome = "upheld", cause }, at));
        return id;
    }

    async Task<JsonElement> Shown(Guid id) => await fixture.Get($"corrective-actions/{id}");

    [Fact]
    public async Task a_critical_complaint_is_closed_once_an_action_is_set()
    {
        var now = fixture.Clock.GetUtcNow();
        var id = await Decided(now, "critical");
        await fixture.Post($"tickets/{id}/resolve", Valid("resolve"));
        var agent = fixture.Agent();
        await Problem(await agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/close", new { }), 422, "action-missing");
        var action = (await fixture.Post("corrective-actions", Action(now.AddDays(7), ticketId: id), HttpStatusCode.Created)).Id;
        await fixture.Post($"tickets/{id}/close", new { });
        (await Shown(action)).GetProperty("ticketId").GetGuid().ShouldBe(id);
        (await Shown(action)).GetProperty("title").GetString().ShouldBe("换承运商:每日交接清点");

        var minor = await Decided(now);
        await fixture.Post($"tickets/{minor}/resolve", Valid("resolve"));
        await fixture.Post($"tickets/{minor}/close", new { });
    }

    [Fact]
    public async Task it_is_seen_once_whether_the_cause_came_back()
    {
        var now = fixture.Clock.GetUtcNow();
        var set = now.AddDays(-40);
        foreach (var day in Enumerable.Range(1, 9))
            await Decided(set.AddDays(-day), cause: "rude");
        await Decided(set.AddDays(-30).AddMinutes(-1), cause: "rude");
        var id = (await fixture.Post("corrective-actions", Action(now.AddDays(1), "rude", occurredAt: set), HttpStatusCode.Created)).Id;
        await Decided(set.AddDays(5), cause: "rude");
        (await Shown(id)).GetProperty("state").GetString().ShouldBe("open");
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        (await Shown(id)).GetProperty("state").GetString().ShouldBe("overdue");

        var done = set.AddDays(8);
        await fixture.Post($"corrective-actions/{id}/finish", new { occurredAt = done });
        await fixture.Post($"corrective-actions/{id}/finish", new { });
        (await Shown(id)).GetProperty("state").GetString().ShouldBe("done");
        await Decided(done.AddDays(3), cause: "rude");
        (await fixture.RunDue<CheckActions>()).ShouldBe(1);
        (await fixture.RunDue<CheckActions>()).ShouldBe(0);
        await fixture.Daemon.Rebuild("corrective-actions");
        var shown = await Shown(id);
        var found = shown.GetProperty("recurrence");
        (found.GetProperty("before").GetInt32(), found.GetProperty("after").GetInt32()).ShouldBe((9, 1), "30 days each");
        (found.GetProperty("ratio").GetDecimal(), found.GetProperty("effective").GetBoolean()).ShouldBe((.1111m, true));
        (await fixture.Store.FetchStream(id))[^1].Data.ShouldBeOfType<ActionChecked>().OccurredAt.ShouldBe(done.AddDays(30));
        (await fixture.Get("corrective-actions?state=checked&cause=rude&owner=lead-1")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await fixture.Get("corrective-actions?state=open&cause=rude")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task what_makes_no_action_is_refused_and_leaves_no_trace()
    {
        var (agent, now) = (fixture.Agent(), fixture.Clock.GetUtcNow());
        async Task Refused(object body, int status, string type) =>
            await Problem(await agent.PostAsJsonAsync("/api/service-desk/corrective-actions", body), status, type);
        await Refused(Action(now.AddDays(7), "no-such-cause"), 422, "cause-unknown");
        await Refused(Action(now.AddMinutes(-1)), 422, "due-passed");
        var due = now.AddDays(7);
        await Refused(
            new
            {
                title = "x",
                owner = "lead-1",
                dueAt = due,
            },
            400,
            "invalid-request"
        );
        await Refused(
            new
            {
                title = "x",
                owner = "lead-1",
                dueAt = due,
                cause = "rude",
                theme = "service-attitude",
            },
            400,
            "invalid-request"
        );
        await Refused(
            new
            {
                title = "x",
                owner = "lead-1",
                dueAt = due,
                theme = "no-such-theme",
            },
            422,
            "theme-unknown"
        );
        await Refused(Action(now.AddDays(7), ticketId: Guid.CreateVersion7()), 404, "not-found");
        await Refused(Action(now.AddDays(7), ticketId: await fixture.Open()), 422, "not-a-complaint");
        await Refused(Action(now.AddDays(7), occurredAt: now.AddDays(1)), 422, "in-the-future");
        var unknown = $"/api/service-desk/corrective-actions/{Guid.CreateVersion7()}";
        await Problem(await agent.PostAsJsonAsync(unknown + "/finish", new { }), 404, "not-found");
        await Problem(await agent.GetAsync(unknown), 404, "not-found");
        var id = (await fixture.Post("corrective-actions", Action(now.AddDays(7)), HttpStatusCode.Created)).Id;
        var early = new { occurredAt = now.AddDays(-1) };
        await Problem(await agent.PostAsJsonAsync($"/api/service-desk/corrective-actions/{id}/finish", early), 422, "before-last-event");
        await Problem(await agent.GetAsync("/api/service-desk/corrective-actions?state=late"), 400);
    }
}
