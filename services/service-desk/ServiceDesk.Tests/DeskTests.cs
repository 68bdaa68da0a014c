using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>One life of the room over the real database and broker.</summary>
public class DeskTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    const string Secret = "please call me at 13800138000";

    HttpClient Agent => fixture.Http("service-desk.read", "service-desk.write");

    async Task<JsonElement> Get(string path) => await Agent.GetFromJsonAsync<JsonElement>("/api/service-desk/" + path);

    async Task<Changed> Post(string path, object body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var answer = await Agent.PostAsJsonAsync("/api/service-desk/" + path, body);
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<Changed>())!;
    }

    static object Complaint(Guid customer, string? reference = null, DateTimeOffset? occurredAt = null) =>
        new
        {
            customerId = customer,
            kind = "complaint",
            category = "delivery",
            channel = "web",
            subject = "Late again",
            text = Secret,
            source = reference is null ? null : "test",
            reference,
            occurredAt,
        };

    [Fact]
    public async Task a_ticket_lives_from_opening_to_satisfaction()
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
        await Post(
            $"tickets/{id}/replies",
            new
            {
                by = "agent",
                channel = "email",
                text = "We look into it.",
            }
        );
        await Post($"tickets/{id}/wait", new { });
        (await Get($"tickets/{id}")).GetProperty("status").GetString().ShouldBe("waiting");
        fixture.Clock.Advance(TimeSpan.FromDays(3));
        await Post(
            $"tickets/{id}/replies",
            new
            {
                by = "customer",
                channel = "chat",
                text = "Thanks, any news?",
            }
        );
        await Post($"tickets/{id}/resolve", new { outcome = "replaced", cause = "lost-parcel" });
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
                c => c.GetProperty("state").GetString() == "met" && !c.GetProperty("breached").GetBoolean(),
                "three days of waiting do not count"
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
                typeof(Contracts.TicketResolved),
                typeof(Contracts.SurveyAnswered),
                typeof(Contracts.TicketClosed),
            ]);

        await Post($"tickets/{id}/reopen", new { reason = "not-solved" });
        (await Get($"tickets/{id}")).GetProperty("status").GetString().ShouldBe("open");
        await Post($"tickets/{id}/resolve", new { outcome = "refunded", cause = "lost-parcel" });
        var again = (await Post("tickets", Complaint(customer), HttpStatusCode.Created)).Id;
        await Post($"tickets/{again}/resolve", new { outcome = "refunded", cause = "lost-parcel" });
        (await Get($"tickets/{again}")).GetProperty("repeatComplaint").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task the_queue_is_ordered_by_risk_then_tier_then_age_and_its_pages_never_overlap()
    {
        var (gold, other, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), fixture.Clock.GetUtcNow());
        await fixture.Hear(
            "loyalty",
            new Contracts.TierChanged(gold, null, "Gold", 2000, now),
            new Contracts.TierChanged(other, null, "Bronze", 0, now)
        );
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

        // The clock dates a broken promise when it was due, once.
        (await fixture.RunDue<BreachClock>()).ShouldBeGreaterThanOrEqualTo(1);
        (await fixture.RunDue<BreachClock>()).ShouldBe(0);
        var breaches = (await fixture.Store.FetchStream(late)).Select(e => e.Data).OfType<SlaBreached>().ToList();
        breaches.Select(b => b.Clock).ShouldBe(["first-response", "resolution"]);
        breaches[0].OccurredAt.ShouldBe(now.AddDays(-30).AddHours(8), TimeSpan.FromHours(1.1), "a change of the clock may lie between");

        (await Get("tickets?status=open&kind=complaint&priority=normal&customer=" + other))
            .GetProperty("items")
            .GetArrayLength()
            .ShouldBe(3);
        var summary = await Get("summary");
        summary.GetProperty("breached").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
        summary.GetProperty("open").GetInt64().ShouldBeGreaterThanOrEqualTo(4);
        summary.GetProperty("byPriority").GetProperty("high").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task forgetting_a_customer_leaves_no_word_of_theirs()
    {
        var customer = Guid.CreateVersion7();
        var id = (await Post("tickets", Complaint(customer), HttpStatusCode.Created)).Id;
        await Post(
            $"tickets/{id}/replies",
            new
            {
                by = "customer",
                channel = "chat",
                text = Secret,
            }
        );
        (await Dump()).ShouldNotContain("13800138000", customMessage: "text is never stored in clear");
        var export = await fixture
            .Http("personal.export")
            .GetFromJsonAsync<JsonElement>($"/api/service-desk/customers/{customer}/personal");
        export.GetProperty("tickets")[0].GetProperty("text").GetString().ShouldBe(Secret);

        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        await fixture.CatchUp();
        var ticket = await Get($"tickets/{id}");
        ticket.GetProperty("kind").GetString().ShouldBe("complaint", "codes and times stay");
        (await Agent.GetStringAsync($"/api/service-desk/tickets/{id}")).ShouldNotContain("13800138000");
        (await fixture.Http("personal.export").GetStringAsync($"/api/service-desk/customers/{customer}/personal")).ShouldNotContain(
            "13800138000"
        );
        (await fixture.Store.FetchStream(customer))
            .Select(ServiceDeskFeed.Translate)
            .OfType<OutgoingFact>()
            .Single()
            .Contract.ShouldBeOfType<Contracts.PersonalDataErased>();

        // What is written afterwards is not kept either, and no new ticket can be opened.
        await Post($"tickets/{id}/notes", new { text = Secret });
        (await Agent.GetStringAsync($"/api/service-desk/tickets/{id}")).ShouldNotContain("13800138000");
        var refused = await Agent.PostAsJsonAsync("/api/service-desk/tickets", Complaint(customer));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    async Task<string> Dump()
    {
        await using var connection = new NpgsqlConnection(fixture.Database.Admin);
        var text = new StringBuilder();
        foreach (
            var (schema, table) in await connection.QueryAsync<(string, string)>(
                "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
            )
        )
        foreach (var row in await connection.QueryAsync<string>($"select t::text from \"{schema}\".\"{table}\" t"))
            text.AppendLine(row);
        text.Length.ShouldBeGreaterThan(500);
        return text.ToString();
    }
}
