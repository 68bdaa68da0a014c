using System.ComponentModel;
using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>How promises to the customers of each tier were kept, as it was known at an instant.</summary>
/// <param name="From">The period begins here.</param>
/// <param name="Until">It ends just before here.</param>
/// <param name="AsOf">What happened after this instant does not count; what was told later about before counts.</param>
/// <param name="Tiers">The highest first; last those whose place is not known, and who has none.</param>
public sealed record TiersFigures(DateTimeOffset From, DateTimeOffset Until, DateTimeOffset AsOf, IReadOnlyList<TierFigures> Tiers);

/// <summary>How promises to the customers of one tier were kept.</summary>
/// <param name="Tier">The customer's tier when the ticket was opened; null if none was told.</param>
/// <param name="Opened">Tickets that were opened in the period, and by then.</param>
/// <param name="FirstResponse">The promise of a first response, with how long customers waited for it.</param>
/// <param name="Acknowledgement">The promise of an acknowledgement, of complaints.</param>
/// <param name="NextUpdate">The promise of an answer whenever the customer wrote again.</param>
/// <param name="Resolution">The promise of a solution.</param>
public sealed record TierFigures(
    string? Tier,
    long Opened,
    PromiseFigures FirstResponse,
    PromiseFigures Acknowledgement,
    PromiseFigures NextUpdate,
    PromiseFigures Resolution
);

/// <summary>Whether better customers are served at the cost of others: how promises were kept in each tier.</summary>
public static class GetTierFigures
{
    static readonly string sql = $"""
        select t.tier, coalesce(l.points, -1) as points, p.clock, p.kept, p.missed,
            case when p.kept then p.minutes end as minutes, count(*) as count
        from ({GetFigures.Counted(
            FigureSource.AllRows("promises")
        )}) p join ticket_list t using (ticket_id) left join tier_ladder l on l.tier = t.tier
        group by 1, 2, 3, 4, 5, 6
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "figures/tiers",
                "How promises were kept to the customers of each tier",
                "service-desk.read",
                (
                    [Description("Tickets that were opened from here on.")] DateTimeOffset from,
                    [Description("Tickets that were opened before here.")] DateTimeOffset until,
                    [Description("As it was at this instant; now if left out.")] DateTimeOffset? asOf,
                    NpgsqlDataSource db,
                    TimeProvider clock,
                    CancellationToken ct
                ) => Of(db, Period.Of(from, until, asOf, clock), ct)
            )
            .AtOnce(4);

    static async Task<TiersFigures> Of(NpgsqlDataSource db, Period period, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(Period.MayBeAll);
        var source = new FigureSource(period);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(sql, source, commandTimeout: 60, cancellationToken: ct));
        var nothing = new PromiseCount();
        var tiers =
            from tier in rows.GroupBy(r => (r.Tier, r.Points))
            orderby tier.Key.Tier is null, tier.Key.Points descending, tier.Key.Tier
            let clocks = tier.GroupBy(r => r.Clock).ToDictionary(c => c.Key, Counted)
            select new TierFigures(
                Tier: tier.Key.Tier,
                Opened: clocks.GetValueOrDefault(Promises.FirstResponse, nothing).Count,
                FirstResponse: clocks.GetValueOrDefault(Promises.FirstResponse, nothing).Figures,
                Acknowledgement: clocks.GetValueOrDefault(Promises.Acknowledgement, nothing).Figures,
                NextUpdate: clocks.GetValueOrDefault(Promises.NextUpdate, nothing).Figures,
                Resolution: clocks.GetValueOrDefault(Promises.Resolution, nothing).Figures
            );
        return new(period.From, period.Until, period.AsOf, [.. tiers]);
    }

    static PromiseCount Counted(IEnumerable<Row> rows)
    {
        var count = new PromiseCount();
        foreach (var r in rows)
            count.Add(new PromiseRow(r.Clock, r.Kept, r.Missed, r.Minutes, r.Count, 0, 0));
        return count;
    }

    sealed record Row(string? Tier, long Points, string Clock, bool Kept, bool Missed, int? Minutes, long Count);
}
