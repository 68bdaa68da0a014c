using System.Net.Http.Json;
using CrmPlatform.ServiceDesk.Figures;
using CrmPlatform.ServiceDesk.Tickets;
using Dapper;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Figures;

/// <summary>Figures of days that are added up are those that are counted. A room of its own, whose clock stands still.</summary>
public class SumDaysTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    static readonly DateTimeOffset start = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);
    static readonly string[] commands =
    [
        "assign",
        "replies",
        "wait",
        "customer-replies",
        "resume",
        "resolve",
        "satisfaction",
        "reopen",
        "close",
    ];

    sealed record Step(int Kind, int Ticket, int Minutes);

    static readonly Arbitrary<Step[]> lives = (
        from kind in Gen.Choose(0, 14)
        from ticket in Gen.Choose(0, 1_000)
        from minutes in Gen.Choose(0, 1_500)
        select new Step(kind, ticket, minutes)
    )
        .ArrayOf()
        .Where(steps => steps.Length is > 8 and < 50)
        .ToArbitrary();

    [Fact]
    public void figures_of_days_that_are_added_up_are_those_that_are_counted() =>
        Prop.ForAll(lives, steps => Lived(steps).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(8));

    async Task Lived(Step[] steps)
    {
        var (begin, tickets) = (fixture.Clock.GetUtcNow() is var before && before > start ? before.AddDays(3) : start, new List<Guid>());
        var now = begin;
        fixture.Clock.Stop(now);
        foreach (var (step, n) in steps.Select((s, n) => (s, n)))
        {
            fixture.Clock.Stop(now = now.AddMinutes(step.Minutes));
            if (step.Kind <= 3 || tickets.Count == 0)
                tickets.Add(await fixture.Open(now.AddMinutes(-step.Ticket)));
            else if (step.Kind == 4)
                await new SumDays(fixture.Db, fixture.Clock).Run(default);
            else if (step.Kind == 5)
                await fixture.RunDue<BreachClock>();
            else
                await Try(tickets[step.Ticket % tickets.Count], commands[step.Kind - 6], now);
        }
        fixture.Clock.Stop(now = now.AddHours(20));
        await new SumDays(fixture.Db, fixture.Clock).Run(default);
        foreach (
            var at in new[]
            {
                now,
                now.AddDays(-1),
                now.AddDays(-2),
                now.AddDays(-4),
                now.AddMinutes(700),
                begin.AddDays(2),
                now.AddDays(30),
            }
        )
        {
            foreach (var (from, until) in new[] { (-48, 0), (17, -6), (30, 0), (40, -30) })
            {
                var period = new Period(begin.AddHours(from), now.AddHours(until), at);
                var added = await GetFigures.Of(fixture.Db, period, default);
                added.ShouldBe(await GetFigures.Of(fixture.Db, period, default, useDays: false));
            }
        }
        await using var connection = await fixture.Db.OpenConnectionAsync();
        (await connection.QuerySingleAsync<long>("select count(*) from figure_days")).ShouldBeGreaterThan(0);
    }

    /// <summary>What happened since is known by the log, also while the view of days has not moved.</summary>
    [Fact]
    public async Task a_day_that_has_changed_is_counted_before_the_view_has_heard_of_it()
    {
        fixture.Clock.Stop(start.AddYears(-1));
        var id = await fixture.Open(start.AddYears(-1));
        var period = new Period(start.AddYears(-1).AddDays(-1), start.AddYears(-1).AddDays(3), start.AddYears(-1).AddDays(4));
        fixture.Clock.Stop(period.AsOf);
        await fixture.Daemon.CatchUp();
        await new SumDays(fixture.Db, fixture.Clock).Run(default);
        (await GetFigures.Of(fixture.Db, period, default)).Solved.ShouldBe(0);

        await using var connection = await fixture.Db.OpenConnectionAsync();
        await using var held = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select 1 from mt_event_progression where name = 'figure-days' for update");
        await Try(id, "resolve", period.AsOf);
        (await GetFigures.Of(fixture.Db, period, default)).Solved.ShouldBe(1);
        (await connection.QuerySingleAsync<long>("select count(*) from figure_days")).ShouldBeGreaterThan(0, "the view has not moved");
        await held.RollbackAsync();

        await fixture.Daemon.CatchUp();
        (await GetFigures.Of(fixture.Db, period, default)).Solved.ShouldBe(1);
        await new SumDays(fixture.Db, fixture.Clock).Run(default);
        (await GetFigures.Of(fixture.Db, period, default)).Solved.ShouldBe(1);
    }

    [Fact]
    public async Task what_time_alone_changes_is_counted_anew_and_so_is_half_a_day()
    {
        DateTimeOffset March(int day, double hour) => new DateTimeOffset(2024, 3, day, 0, 0, 0, TimeSpan.Zero).AddHours(hour);
        fixture.Clock.Stop(March(6, .5));
        foreach (var at in new[] { March(3, 20), March(4, 20), March(5, 20), March(5, 22) })
            await fixture.Open(at);
        await fixture.Daemon.CatchUp();
        await new SumDays(fixture.Db, fixture.Clock).Run(default);

        Task<DeskFigures> Of(DateTimeOffset until, DateTimeOffset asOf) =>
            GetFigures.Of(fixture.Db, new Period(March(3, 0), until, asOf), default);
        (await Of(March(6, 0), March(6, .5))).Resolution.Missed.ShouldBe(2, "a solution takes a day");
        (await Of(March(6, 0), March(20, 0))).Resolution.Missed.ShouldBe(4);
        (await Of(March(5, 21), March(6, .5))).Opened.ShouldBe(3);
        (await Of(March(5, 22), March(6, .5))).Opened.ShouldBe(3);
        (await Of(March(6, 0), March(5, 22))).Opened.ShouldBe(4);
    }

    Task<HttpResponseMessage> Try(Guid ticket, string command, DateTimeOffset at) =>
        fixture.Agent().PostAsJsonAsync($"/api/service-desk/tickets/{ticket}/{command}", At(command, at));
}
