using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>The room end to end, with the real database and broker.</summary>
public class DeskTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    Task<JsonElement> Get(string path) => fixture.Get(path);

    Task<Changed> Post(string path, object body, HttpStatusCode expected = HttpStatusCode.OK) => fixture.Post(path, body, expected);

    [Fact]
    public async Task a_ticket_goes_from_opening_to_satisfaction()
    {
        var customer = Guid.CreateVersion7();
        await fixture.Hear("loyalty", new Contracts.TierChanged(customer, null, "Gold", 2000, fixture.Clock.GetUtcNow()));
        await fixture.Hear(
            "segmentation",
            new Contracts.GradeChanged(customer, "abc", null, "C", Guid.CreateVersion7(), fixture.Clock.GetUtcNow())
        );
        var id = (await Post("tickets", Complaint(customer), HttpStatusCode.Created)).Id;
        await Post($"tickets/{id}/assign", new { agent = "agent-7" });
        await Post($"tickets/{id}/notes", new { text = "seems upset" });
        await Post($"tickets/{id}/replies", new { channel = "email", text = "We look into it." });
        await Post($"tickets/{id}/wait", new { });
        (await Get($"tickets/{id}")).GetProperty("status").GetString().ShouldBe("waiting");
        fixture.Clock.Advance(TimeSpan.FromDays(3));
        await Post($"tickets/{id}/customer-replies", new { channel = "chat", text = "Thanks, any news?" });
        await fixture.Decide(id, "lost-parcel");
        await Post($"tickets/{id}/resolve", new { outcome = "replaced" });
        await Post($"tickets/{id}/satisfaction", new { score = 4 });
        await Post($"tickets/{id}/close", new { });

        var ticket = await Get($"tickets/{id}");
        ticket.GetProperty("priority").GetString().ShouldBe("high", "Gold raises it");
        ticket.GetProperty("policyId").GetString().ShouldBe("best-customers");
        ticket.GetProperty("agent").GetString().ShouldBe("agent-7");
        ticket.GetProperty("subject").GetString().ShouldBe("Late again");
        ticket.GetProperty("text").GetString().ShouldBe(Secret);
        ticket
            .GetProperty("messages")
            .EnumerateArray()
            .Select(m => m.GetProperty("by").GetString())
            .ShouldBe(["note", "agent", "customer"]);
        ticket.GetProperty("satisfaction").GetInt32().ShouldBe(4);
        ticket
            .GetProperty("clocks")
            .EnumerateArray()
            .ShouldAllBe(
                c =>
                    c.GetProperty("state").GetString() == (c.GetProperty("clock").GetString() == "next-update" ? "paused" : "met")
                    && !c.GetProperty("breached").GetBoolean(),
                "three days of waiting do not count; nobody wrote after the customer's last message"
            );

        await fixture.CatchUp();
        (await fixture.Store.FetchStream(id))
            .Select(ServiceDeskFeed.Translate)
            .OfType<OutgoingFact>()
            .Select(f => f.Contract.GetType())
            .ShouldBe([
                typeof(Contracts.TicketOpened),
                typeof(Contracts.TicketAssigned),
                typeof(Contracts.TicketReplied),
                typeof(Contracts.TicketWaiting),
                typeof(Contracts.TicketReplied),
                typeof(Contracts.ComplaintDecided),
                typeof(Contracts.TicketResolved),
                typeof(Contracts.SurveyAnswered),
                typeof(Contracts.TicketClosed),
            ]);

        await Post($"tickets/{id}/reopen", new { reason = "not-solved" });
        (await Get($"tickets/{id}")).GetProperty("status").GetString().ShouldBe("open");
        await fixture.Decide(id, "lost-parcel");
        await Post($"tickets/{id}/resolve", new { outcome = "refunded" });
        var again = (await Post("tickets", Complaint(customer), HttpStatusCode.Created)).Id;
        await fixture.Decide(again, "lost-parcel");
        await Post($"tickets/{again}/resolve", new { outcome = "refunded", cause = "lost-parcel" });
        (await Get($"tickets/{again}")).GetProperty("repeatComplaint").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task the_queue_is_ordered_by_risk_then_tier_then_age_and_its_pages_never_overlap()
    {
        var (gold, other, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), fixture.Clock.GetUtcNow());
        await fixture.Hear(
            "loyalty",
            new Contracts.TierChanged(gold, null, "Gold", 2000, now, "qualified"),
            new Contracts.TierChanged(other, null, "Bronze", 0, now, "joined")
        );
        await fixture.CatchUp();
        Guid Id(Changed c) => c.Id;
        var late = Id(await Post("tickets", Complaint(other, "late", now.AddDays(-30)), HttpStatusCode.Created));
        var young = Id(await Post("tickets", Complaint(other, "young", now.AddMinutes(-2)), HttpStatusCode.Created));
        var old = Id(await Post("tickets", Complaint(other, "old", now.AddMinutes(-9)), HttpStatusCode.Created));
        var soon = Id(await Post("tickets", Complaint(gold, "soon", now.AddMinutes(-1)), HttpStatusCode.Created));
        (await Post("tickets", Complaint(other, "old", now.AddMinutes(-9)))).Id.ShouldBe(old, "the same reference is the same ticket");

        var ordered = new List<Guid>();
        for (string? after = ""; after is not null; )
        {
            var page = await Get($"queue?limit=1{after}");
            ordered.AddRange(page.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()));
            after = page.TryGetProperty("next", out var next) && next.GetString() is { } cursor ? "&after=" + cursor : null;
        }
        ordered.Where(new HashSet<Guid> { late, young, old, soon }.Contains).ShouldBe([late, soon, old, young]);
        ordered.ShouldBeUnique();

        // A broken promise is recorded once, dated at its due instant.
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        (await fixture.RunDue<BreachClock>()).ShouldBeGreaterThanOrEqualTo(1);
        (await fixture.RunDue<BreachClock>()).ShouldBe(0);
        var breaches = (await fixture.Store.FetchStream(late)).Select(e => e.Data).OfType<SlaBreached>().ToList();
        breaches.Select(b => b.Clock).ShouldBe(["acknowledgement", "first-response", "resolution"]);
        breaches[1].OccurredAt.ShouldBe(now.AddDays(-30).AddHours(8), TimeSpan.FromHours(1.1), "a change of the clock may lie between");

        (await Get("tickets?status=open&kind=complaint&priority=normal&customer=" + other))
            .GetProperty("items")
            .GetArrayLength()
            .ShouldBe(3);
        var summary = await Get("summary");
        summary.GetProperty("breached").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
        summary.GetProperty("open").GetInt64().ShouldBeGreaterThanOrEqualTo(4);
        summary.GetProperty("byPriority").GetProperty("high").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
    }
}
