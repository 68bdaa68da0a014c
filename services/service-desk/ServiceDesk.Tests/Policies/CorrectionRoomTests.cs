using System.Net;
using System.Net.Http.Json;
using CrmPlatform.ServiceDesk.Figures;
using CrmPlatform.ServiceDesk.Policies;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;
using static CrmPlatform.ServiceDesk.Tests.Policies.GivenCorrections;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>A calendar is corrected over the API; each test has days and tickets of its own.</summary>
public class CorrectionRoomTests(CorrectionRoom room) : IClassFixture<CorrectionRoom>
{
    [Fact]
    public async Task a_forgotten_holiday_excuses_what_was_kept_and_figures_know_since_when()
    {
        // Due on Friday the 25th at 15:30; by the corrected calendar on Monday the 28th at 15:30.
        var kept = await room.Answered(Sep(24, "16:30"), Sep(28, "10:20"));
        var late = await room.Answered(Sep(24, "16:30"), Sep(28, "15:31"));
        var open = await room.Answered(Sep(24, "16:30"), null);
        room.Clock.Advance(TimeSpan.FromMinutes(2));
        await room.RunDue<BreachClock>();
        (await room.FirstResponses(room.Clock.GetUtcNow())).ShouldBe((0, 3));
        var log = (await room.Store.FetchStream(kept)).Count;

        var preview = await room.Correct("2026-09-25", dryRun: true);
        preview.GetProperty("excused").GetInt32().ShouldBe(1);
        preview
            .GetProperty("promises")
            .EnumerateArray()
            .Where(p => p.GetProperty("ticketId").GetGuid() == kept)
            .Select(p => (p.GetProperty("outcome").GetString(), p.GetProperty("dueAt").GetDateTimeOffset()))
            .ShouldBe([("excused", Sep(28, "15:30")), ("open", Sep(30, "13:30"))], ignoreOrder: true);
        (await room.Store.FetchStream(kept)).Count.ShouldBe(log, "a dry run records nothing");
        (await room.Ask(HttpMethod.Get, $"rules/{preview.GetProperty("version").GetInt32()}", null, 404)).ValueKind.ShouldNotBe(default);

        var before = room.Clock.GetUtcNow();
        room.Clock.Advance(TimeSpan.FromMinutes(1));
        var done = await room.Correct("2026-09-25");
        done.GetProperty("excused").GetInt32().ShouldBe(1);
        var again = await room.Correct("2026-09-25");
        (again.GetProperty("version").GetInt32(), again.GetProperty("excused").GetInt32()).ShouldBe(
            (done.GetProperty("version").GetInt32(), 0)
        );
        (await room.Excuses(kept)).ShouldHaveSingleItem().DueAt.ShouldBe(Sep(28, "15:30"));
        (await room.Excuses(late)).Concat(await room.Excuses(open)).ShouldBeEmpty();
        await room.CatchUp();
        await new SumDays(room.Db, room.Clock).Run(default);
        (await room.FirstResponses(before)).ShouldBe((0, 3), "that is what was known then");
        (await room.FirstResponses(room.Clock.GetUtcNow())).ShouldBe((1, 2));

        var clock = (await room.Get($"tickets/{kept}")).GetProperty("clocks")[0];
        (clock.GetProperty("state").GetString(), clock.GetProperty("breached").GetBoolean()).ShouldBe(("excused", false));
        clock.GetProperty("dueAt").GetDateTimeOffset().ShouldBe(Sep(28, "15:30"));
        var why = (await room.Get($"tickets/{kept}/why")).GetProperty("excuses")[0];
        why.GetProperty("rulesVersion").GetInt32().ShouldBe(done.GetProperty("version").GetInt32());
        var rules = await room.Ask(HttpMethod.Get, $"rules/{done.GetProperty("version").GetInt32()}", null);
        rules.GetProperty("correction").GetProperty("reason").GetString().ShouldBe("holiday-forgotten");
        rules.GetProperty("calendars").GetProperty("default").GetProperty("holidays").ToString().ShouldContain("2026-09-25");
        (
            await room.Db.Query<bool>(
                "select first_breached from ticket_list where ticket_id = any(@ids)",
                new { ids = new[] { kept, late } },
                default
            )
        ).ShouldBe([false, true], ignoreOrder: true);

        var told = (await room.Store.FetchStream(kept)).Select(e => ServiceDeskFeed.Translate(e)?.Contract).ToList();
        var (breach, excuse) = (
            told.OfType<Contracts.SlaBreached>().Single(b => b.Clock == "first-response"),
            told.OfType<Contracts.BreachExcused>().Single()
        );
        excuse.ShouldBe(new(breach.CustomerId, kept, "first-response", breach.OccurredAt, excuse.OccurredAt));
        await room.Daemon.Rebuild("promise-list");
        await room.Daemon.Rebuild("ticket-list");
        (await room.FirstResponses(room.Clock.GetUtcNow())).ShouldBe((1, 2));
    }

    [Fact]
    public async Task whoever_is_interrupted_begins_again_and_two_at_once_excuse_once()
    {
        var (opened, answered) = (Sep(24, "16:30").AddDays(-35), Sep(28, "10:20").AddDays(-35));
        var tickets = new List<Guid>();
        for (var i = 0; i < 5; i++)
            tickets.Add(await room.Answered(opened, answered));
        var page = await new CorrectCalendar(new Dictionary<string, string[]> { ["2026-08-21"] = [] }, "holiday-forgotten").Run(
            "default",
            dryRun: false,
            room.Services,
            new(room.Clock),
            atOnce: 2
        );
        (page.Looked, page.Excused).ShouldBe((2, 2));
        page.Next.ShouldNotBeNull();

        var both = await Task.WhenAll(room.Correct("2026-08-21"), room.Correct("2026-08-21"));
        both.Sum(d => d.GetProperty("excused").GetInt32()).ShouldBe(3);
        both.ShouldAllBe(d => d.GetProperty("version").GetInt32() == page.Version);
        foreach (var ticket in tickets)
            (await room.Excuses(ticket)).ShouldHaveSingleItem();
        (await room.Correct("2026-08-21", after: tickets.Max())).GetProperty("looked").GetInt32().ShouldBe(0, "there is no more");
    }

    [Fact]
    public async Task two_first_corrections_at_once_are_one_version()
    {
        var both = await Task.WhenAll(room.Correct("2026-08-14"), room.Correct("2026-08-14"));
        both.Select(d => d.GetProperty("version").GetInt32()).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("default", """{ "days": { "2026-12-25": [] }, "reason": "x" }""", 422, "in-the-future")]
    [InlineData("default", """{ "days": { "2026-09-20": [] }, "reason": "x" }""", 422, "nothing-to-correct")]
    [InlineData("other", """{ "days": { "2026-09-25": [] }, "reason": "x" }""", 404, "not-found")]
    [InlineData("default", """{ "days": {}, "reason": "x" }""", 400, null)]
    [InlineData("default", """{ "days": { "2026-09-31": [] }, "reason": "x" }""", 400, null)]
    [InlineData("default", """{ "days": { "2026-09-25": null }, "reason": "x" }""", 400, null)]
    [InlineData("default", """{ "days": { "2026-09-25": [null] }, "reason": "x" }""", 400, null)]
    [InlineData("default", """{ "days": { "2026-09-25": ["9-5"] }, "reason": "x" }""", 400, null)]
    [InlineData("default", """{ "days": { "2026-09-25": [] }, "reason": "Was it?" }""", 400, null)]
    public async Task what_cannot_be_corrected_is_refused(string calendar, string body, int status, string? type) =>
        await Problem(await Post(calendar, new StringContent(body, null, "application/json")), status, type);

    [Fact]
    public async Task more_than_500_days_are_refused()
    {
        var days = Enumerable.Range(0, 501).ToDictionary(d => $"{Sep(1, "09:00").AddDays(-d):yyyy-MM-dd}", _ => Array.Empty<string>());
        await Problem(await Post("default", JsonContent.Create(new { days, reason = "x" })), (int)HttpStatusCode.BadRequest);
    }

    Task<HttpResponseMessage> Post(string calendar, HttpContent body) =>
        room.Lead.PostAsync($"/api/service-desk/rules/calendars/{calendar}/correct", body);
}
