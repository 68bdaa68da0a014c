using System.ComponentModel;
using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>What a correction makes of the promises of up to 500 tickets.</summary>
/// <param name="Version">The version of the rules that is the correction; in a dry run, that would be.</param>
/// <param name="Looked">How many tickets of this page have a promise that the days could concern.</param>
/// <param name="Excused">How many breaches of them were excused now; in a dry run, would be.</param>
/// <param name="Promises">The promises that are otherwise by the corrected calendar.</param>
/// <param name="Next">The next page begins after it: send it as <c>after</c>; null at the end.</param>
public sealed record CorrectedPage(int Version, int Looked, int Excused, IReadOnlyList<CorrectedPromise> Promises, Guid? Next);

/// <summary>
/// Corrects days of the past of a calendar, in whatever version: publishes that as the next version, and excuses breaches that were none,
/// 500 tickets at a time. The same again is no new version and excuses what it has not yet, so whoever was interrupted begins again.
/// </summary>
/// <param name="Days">By <c>2026-09-25</c> the intervals in which it was open, as <c>09:00-12:00</c>; none if it was closed.</param>
/// <param name="Reason">Why, as a code: <c>holiday-forgotten</c>.</param>
/// <param name="After">The <c>next</c> of the page before; left out for the first.</param>
public sealed record CorrectCalendar(
    [property: Required, MinLength(1), MaxLength(500)] IReadOnlyDictionary<string, string[]> Days,
    [property: Required, Code] string Reason,
    Guid? After = null
)
{
    const int AtOnce = 500;

    // Kept or broken since the first of the days, of tickets that were opened before the last one was over.
    const string Sql = """
        select ticket_id from promises
        where opened_at < @until and undone_at is null and (met_at > @from or met_at is null and breached_at is not null)
            and (@After::uuid is null or ticket_id > @After)
        group by ticket_id order by ticket_id limit @atOnce + 1
        """;

    /// <summary>The version with these days, and again those that were announced, with them.</summary>
    /// <exception cref="NotFoundException">The calendars that hold have none of this name.</exception>
    /// <exception cref="BadRequestException">Days or hours are wrong.</exception>
    /// <exception cref="RuleViolationException">A day has not come, or no version says otherwise.</exception>
    public RulesPublished[] Decide(string calendar, ServiceRules state, DeskRules rules, string caller, DateTimeOffset now)
    {
        var (versions, from) = (rules.Versions(state.Published), now + PublishRules.Notice);
        var holding = versions.Last(v => v.From <= from);
        Check(holding.Calendars.GetValueOrDefault(calendar) ?? throw new NotFoundException("calendar", calendar), rules, now);
        var said = state.CorrectedDays(calendar);
        if (Days.All(d => said.TryGetValue(d.Key, out var hours) && hours.SequenceEqual(d.Value)))
            return [];
        if (!versions.Any(v => v.Calendars.TryGetValue(calendar, out var c) && c.With(said).Differs(Days)))
            throw new RuleViolationException("nothing-to-correct", "The calendar has these hours on these days in each version.", "days");
        CalendarCorrection correction = new(calendar, Days, Reason);
        var corrected = state.Evolve(new(0, from, holding.Calendars, holding.Policies, caller, now, correction));
        var settings = versions.Select(v => PastCalendars.Corrected(v, corrected).GetValueOrDefault(calendar)).OfType<CalendarSettings>();
        if (settings.Select(PolicyChecks.Fault).FirstOrDefault(fault => fault is not null) is { } expected)
            throw new BadRequestException("days", expected);
        var announced = versions.Where(v => v.From > from && !versions.Any(u => u.Version > v.Version && u.From <= v.From));
        return
        [
            .. announced
                .Prepend(holding)
                .Select(
                    (v, i) =>
                        new RulesPublished(
                            Version: versions.Count + i,
                            From: i == 0 ? from : v.From,
                            Calendars: PastCalendars.Corrected(v, corrected),
                            Policies: v.Policies,
                            By: caller,
                            OccurredAt: now,
                            Correction: i == 0 ? correction : null
                        )
                ),
        ];
    }

    void Check(CalendarSettings calendar, DeskRules rules, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(string.IsNullOrEmpty(calendar.TimeZone) ? rules.TimeZone : calendar.TimeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        foreach (var (day, hours) in Days)
        {
            if (CalendarDays.Day(day) is not { Year: >= 1900 } date)
                throw new BadRequestException($"days.{day}", "a day since 1900, like 2026-09-25");
            if (hours is null || hours.Contains(null))
                throw new BadRequestException($"days.{day}", "intervals like 09:00-12:00, or none");
            if (date > today)
                throw new RuleViolationException("in-the-future", "The day has not come: publish it with the rules.", $"days.{day}");
        }
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "rules/calendars/{id}/correct",
                "Correct the past of a calendar, and excuse breaches that were none",
                "service-desk.policies",
                (
                    [Description("Name of the calendar.")] string id,
                    CorrectCalendar command,
                    [Description("Says what would be excused, and records nothing.")] bool? dryRun,
                    HttpContext http
                ) => command.Run(id, dryRun == true, http.RequestServices, http.RequestServices.GetRequiredService<Request>(), AtOnce)
            )
            .Refuses("nothing-to-correct", "in-the-future")
            .AtOnce(2);

    internal async Task<CorrectedPage> Run(string id, bool dryRun, IServiceProvider services, Request request, int atOnce)
    {
        var (store, rules) = (services.GetRequiredService<EventStore>(), services.GetRequiredService<DeskRules>());
        RulesPublished[] Next(ServiceRules state) => Decide(id, state, rules, request.Actor, request.Now);
        if (!dryRun)
            await store.Execute(request, [Write.To(ServiceRules.Stream, Next)]);
        var state = (await store.Read(ServiceRules.Stream, request.Cancelled)).State;
        state = Next(state).Aggregate(state, (s, e) => s.Evolve(e));
        var version = state.Published.Last(p => p.Correction is { } c && c.Calendar == id && Days.Keys.Any(c.Days.ContainsKey)).Version;

        var db = services.GetRequiredService<NpgsqlDataSource>();
        // In any time zone.
        var (first, last) = (CalendarDays.Day(Days.Keys.Min()!)!.Value, CalendarDays.Day(Days.Keys.Max()!)!.Value);
        var concerned = new
        {
            from = new DateTimeOffset(first.AddDays(-1), default, TimeSpan.Zero),
            until = new DateTimeOffset(last.AddDays(2), default, TimeSpan.Zero),
            After,
            atOnce,
        };
        var rows = await db.Query<Guid>(Sql, concerned, request.Cancelled);
        Guid[] page = [.. rows.Take(atOnce)];
        var calendars = new PastCalendars(state, rules);
        var promises = new List<CorrectedPromise>();
        foreach (var ticket in page)
            promises.AddRange(
                CorrectedPromise.Of(ticket, (await store.Read(TicketPast.Of(ticket), request.Cancelled)).State, calendars, request.Now)
            );
        var excused = promises.Where(p => p.IsExcused).ToList();
        var tickets = dryRun ? [] : excused.Select(p => p.TicketId).Distinct();
        var done = await store.Execute(request, [.. tickets.Select(To)]);
        return new(
            version,
            page.Length,
            dryRun ? excused.Count : done.Sum(d => d.Events.Count),
            promises,
            rows.Count > atOnce ? page[^1] : null
        );

        Write To(Guid ticket) =>
            Write.To(TicketPast.Of(ticket), past => CorrectedPromise.Excuse(ticket, past, calendars, version, request.Actor, request.Now));
    }
}
