using System.ComponentModel;
using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>How the desk kept its promises about the tickets of a period.</summary>
public static class GetFigures
{
    /// <summary>What counts of promises by an instant. What was undone by then is known by the next row.</summary>
    /// <param name="rows">The promises that may count.</param>
    internal static string Counted(string rows) =>
        $"""
            select ticket_id, clock, coalesce(met_at <= @AsOf, false) as kept, minutes,
                {PromiseList.Broken} or (coalesce(met_at > @AsOf, true) and coalesce(due_at < @AsOf, false)) as missed,
                number = 1 and not coalesce(transferred_at <= @AsOf, false) as untouched,
                number > 1 and clock = '{Promises.Resolution}' as reopened
            from {rows} where started_at <= @AsOf and (undone_at is null or undone_at > @AsOf)
            """;

    static string ByMinutes(FigureSource source) =>
        $"""
            select clock, kept, missed, case when kept then minutes end as minutes, count(*) as count,
                count(*) filter (where kept and untouched) as untouched, count(*) filter (where reopened) as reopened
            from ({Counted(source.Rows("promises"))}) p group by 1, 2, 3, 4
            """;

    const string ByDays = """
        select clock, count, met, missed, kept, untouched, reopened, reopened_kept, minutes from figure_day_promises where day = any(@Days)
        """;

    // In microseconds.
    static string Time(FigureSource source) =>
        $"""
            select state, sum(micros) as micros from (
                select state, extract(epoch from sum(least(until_at, @AsOf) - from_at)) * 1000000 as micros
                from {source.Rows("ticket_spans")} where from_at < @AsOf and state <> 'closed' group by state
                union all
                select state, sum(ended + running * extract(epoch from @AsOf) * 1000000 - running_from)
                from figure_day_spans where day = any(@Days) group by state) s
            group by state
            """;

    static string Answers(FigureSource source) =>
        $"""
            select sum(answers)::bigint as answers, round(sum(score) / nullif(sum(answers), 0), 2) as mean,
                round(sum(top_two) / nullif(sum(answers), 0), 4) as top_two
            from (
                select count(*)::numeric as answers, coalesce(sum(score), 0) as score, count(*) filter (where score >= 4) as top_two
                from {source.Rows("satisfactions")} where answered_at <= @AsOf and (undone_at is null or undone_at > @AsOf)
                union all select answers, score, top_two from figure_days where day = any(@Days)) s
            """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "figures",
                "How promises about the tickets that were opened in a period were kept",
                "service-desk.read",
                (
                    [Description("Tickets that were opened from here on.")] DateTimeOffset from,
                    [Description("Tickets that were opened before here.")] DateTimeOffset until,
                    [Description("As it was at this instant; now if left out.")] DateTimeOffset? asOf,
                    [Description("Only tickets about this.")] string? category,
                    NpgsqlDataSource db,
                    TimeProvider clock,
                    CancellationToken ct
                ) => Of(db, Period.Of(from, until, asOf, clock, category), ct)
            )
            .AtOnce(4);

    /// <param name="useDays">False to count everything, with the same figures.</param>
    internal static async Task<DeskFigures> Of(NpgsqlDataSource db, Period period, CancellationToken ct, bool useDays = true)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        await connection.ExecuteAsync(Period.MayBeAll);
        var source = useDays ? await FigureSource.Of(period, connection, ct) : new(period);
        CommandDefinition Ask(string sql) => new(sql, source, commandTimeout: 60, cancellationToken: ct);
        var counts = new Dictionary<string, PromiseCount>();
        foreach (var row in await connection.QueryAsync<PromiseRow>(Ask(ByMinutes(source))))
            Count(row.Clock).Add(row);
        if (source.Days.Length > 0)
            foreach (var day in await connection.QueryAsync<PromiseDay>(Ask(ByDays)))
                Count(day.Clock).Add(day);
        var time = (await connection.QueryAsync<(string State, decimal Micros)>(Ask(Time(source)))).ToDictionary(
            t => t.State,
            t => t.Micros
        );
        var answers = await connection.QuerySingleAsync<SatisfactionSummary>(Ask(Answers(source)));
        var solutions = Count(Promises.Resolution);
        return new(
            From: period.From,
            Until: period.Until,
            AsOf: period.AsOf,
            Opened: Count(Promises.FirstResponse).Count,
            Solved: solutions.Kept,
            FirstContact: solutions.Untouched,
            FirstContactRate: PromiseCount.Share(solutions.Untouched, solutions.Kept),
            Reopened: solutions.Reopened,
            ReopenRate: PromiseCount.Share(solutions.Reopened, solutions.Kept + solutions.Reopened - solutions.ReopenedKept),
            FirstResponse: Count(Promises.FirstResponse).Figures,
            Acknowledgement: Count(Promises.Acknowledgement).Figures,
            NextUpdate: Count(Promises.NextUpdate).Figures,
            Resolution: solutions.Figures,
            Hours: new(Hours("active"), Hours("waiting"), Hours("solved")),
            Satisfaction: answers
        );

        PromiseCount Count(string clock) => counts.TryGetValue(clock, out var count) ? count : counts[clock] = new();

        decimal Hours(string state) => Math.Round(time.GetValueOrDefault(state) / 3_600_000_000, 2);
    }
}
