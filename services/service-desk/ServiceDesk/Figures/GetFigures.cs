using System.ComponentModel;
using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>How promises were kept, as it was known at an instant.</summary>
/// <param name="From">The period begins here.</param>
/// <param name="Until">It ends just before here.</param>
/// <param name="AsOf">What happened after this instant does not count; what was told later about before counts.</param>
/// <param name="Opened">Tickets that were opened in the period, and by then; all other figures are about these.</param>
/// <param name="Solved">Those that were solved or closed then.</param>
/// <param name="FirstContact">Those of the solved that never came back and never went from one agent to another.</param>
/// <param name="FirstContactRate">Share of <c>FirstContact</c> among the solved, with four decimals; null if none is solved.</param>
/// <param name="Reopened">Those that had come back after they were solved.</param>
/// <param name="ReopenRate">Share of <c>Reopened</c> among those that were ever solved; null if none was.</param>
/// <param name="FirstResponse">The promise of a first response.</param>
/// <param name="Acknowledgement">The promise of an acknowledgement, of complaints.</param>
/// <param name="NextUpdate">The promise of an answer whenever the customer wrote again.</param>
/// <param name="Resolution">The promise of a solution.</param>
/// <param name="Hours">Where the time of these tickets went.</param>
/// <param name="Satisfaction">What the customers of these tickets have answered, as it is known now.</param>
public sealed record DeskFigures(
    DateTimeOffset From,
    DateTimeOffset Until,
    DateTimeOffset AsOf,
    long Opened,
    long Solved,
    long FirstContact,
    decimal? FirstContactRate,
    long Reopened,
    decimal? ReopenRate,
    PromiseFigures FirstResponse,
    PromiseFigures Acknowledgement,
    PromiseFigures NextUpdate,
    PromiseFigures Resolution,
    SpanHours Hours,
    SatisfactionSummary Satisfaction
);

/// <summary>How one of the promises was kept.</summary>
/// <param name="Met">Kept in time.</param>
/// <param name="Missed">Broken and not excused by then, or due by then and not kept. What was open and not due yet is neither met nor
/// missed.</param>
/// <param name="Attainment">Share of met among met and missed, 0 to 1 with four decimals; null if there is neither.</param>
/// <param name="MedianMinutes">Business minutes that half of those that were answered or solved took at most (nearest rank); null if there
/// is none.</param>
/// <param name="P90Minutes">Business minutes that nine in ten of them took at most; null if there is none.</param>
public sealed record PromiseFigures(long Met, long Missed, decimal? Attainment, int? MedianMinutes, int? P90Minutes);

/// <summary>Hours by the wall clock, of all tickets together, with two decimals.</summary>
/// <param name="Active">It was the desk's turn.</param>
/// <param name="Waiting">It was the customer's turn.</param>
/// <param name="Solved">From a solution until the ticket was closed or came back.</param>
public sealed record SpanHours(decimal Active, decimal Waiting, decimal Solved);

/// <summary>How the desk kept its promises about the tickets of a period.</summary>
public static class GetFigures
{
    // What was undone by then is known by the next row.
    internal const string Counted = $"""
        select ticket_id, clock, number, met_at <= @asOf as kept, minutes,
            {PromiseList.Broken} or (coalesce(met_at > @asOf, true) and due_at < @asOf) as missed,
            coalesce(transferred_at <= @asOf, false) as transferred
        from promises where opened_at >= @from and opened_at < @until and started_at <= @asOf
            and (undone_at is null or undone_at > @asOf) and {Period.OfCategory}
        """;

    const string ByMinutes = $"""
        select clock, coalesce(kept, false) as kept, missed, case when kept then minutes end as minutes, count(*) as count,
            count(*) filter (where number = 1 and not transferred) as untouched,
            count(*) filter (where number > 1 and clock = '{Promises.Resolution}') as reopened
        from ({Counted}) p group by 1, 2, 3, 4
        """;

    const string Time = $"""
        select state, sum(extract(epoch from least(until_at, @asOf) - from_at))::float8 as seconds
        from ticket_spans where opened_at >= @from and opened_at < @until and from_at < @asOf and state <> 'closed'
            and {Period.OfCategory} group by 1
        """;

    const string Answers = $"""
        select count(satisfaction) as answers, round(avg(satisfaction), 2) as mean, round(avg((satisfaction >= 4)::int), 4) as top_two
        from ticket_list where opened_at >= @from and opened_at < @until and opened_at <= @asOf and {Period.OfCategory}
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

    internal static async Task<DeskFigures> Of(NpgsqlDataSource db, Period period, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        // A period may be all there is.
        await connection.ExecuteAsync("set local enable_seqscan = on; set local work_mem = '64MB'");
        CommandDefinition Ask(string sql) => new(sql, period, commandTimeout: 60, cancellationToken: ct);
        var rows = (await connection.QueryAsync<Row>(Ask(ByMinutes))).ToLookup(r => r.Clock);
        var time = (await connection.QueryAsync<(string State, double Seconds)>(Ask(Time))).ToDictionary(t => t.State, t => t.Seconds);
        var answers = await connection.QuerySingleAsync<SatisfactionSummary>(Ask(Answers));
        var (resolutions, solved) = (rows[Promises.Resolution], rows[Promises.Resolution].Where(r => r.Kept).Sum(r => r.Count));
        var (firstContact, reopened) = (resolutions.Where(r => r.Kept).Sum(r => r.Untouched), resolutions.Sum(r => r.Reopened));
        var everSolved = solved + resolutions.Where(r => !r.Kept).Sum(r => r.Reopened);
        return new(
            From: period.From,
            Until: period.Until,
            AsOf: period.AsOf,
            Opened: rows[Promises.FirstResponse].Sum(r => r.Count),
            Solved: solved,
            FirstContact: firstContact,
            FirstContactRate: Share(firstContact, solved),
            Reopened: reopened,
            ReopenRate: Share(reopened, everSolved),
            FirstResponse: Kept(rows[Promises.FirstResponse]),
            Acknowledgement: Kept(rows[Promises.Acknowledgement]),
            NextUpdate: Kept(rows[Promises.NextUpdate]),
            Resolution: Kept(resolutions),
            Hours: new(Hours("active"), Hours("waiting"), Hours("solved")),
            Satisfaction: answers
        );

        decimal Hours(string state) => Math.Round((decimal)time.GetValueOrDefault(state) / 3600, 2);
    }

    static decimal? Share(long part, long whole) => whole == 0 ? null : Math.Round((decimal)part / whole, 4);

    internal static PromiseFigures Kept(IEnumerable<Row> rows)
    {
        var (met, missed) = (rows.Where(r => r.Kept && !r.Missed).Sum(r => r.Count), rows.Where(r => r.Missed).Sum(r => r.Count));
        var minutes = rows.Where(r => r.Minutes is not null).OrderBy(r => r.Minutes).ToList();
        return new(met, missed, Share(met, met + missed), Rank(.5m), Rank(.9m));

        // Nearest rank: the first value below which, or at which, this share of all lies.
        int? Rank(decimal share)
        {
            var (rank, below) = (Math.Ceiling(share * minutes.Sum(r => r.Count)), 0L);
            foreach (var row in minutes)
                if ((below += row.Count) >= rank)
                    return row.Minutes;
            return null;
        }
    }

    internal sealed record Row(string Clock, bool Kept, bool Missed, int? Minutes, long Count, long Untouched, long Reopened);
}
