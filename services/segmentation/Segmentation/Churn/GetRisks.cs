using System.ComponentModel;
using CrmPlatform.Segmentation.Lifetime;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>A customer who may be about to leave.</summary>
/// <param name="CustomerId">The customer; of a group, the survivor.</param>
/// <param name="Band"><c>watch</c> (P(alive) below 0.5), <c>risk</c> (below 0.3) or <c>critical</c> (below 0.2).</param>
/// <param name="Since">When they came into it.</param>
/// <param name="Alive">P(alive) by the end of today.</param>
/// <param name="Clv">Customer lifetime value in the base currency, as <c>customers/{id}/lifetime</c> says it.</param>
/// <param name="ValueAtStake">CLV · (1 − P(alive)).</param>
/// <param name="SourceEvent">Id of the event of the crossing.</param>
public sealed record RiskRow(
    Guid CustomerId,
    RiskBand Band,
    DateTimeOffset Since,
    double Alive,
    decimal Clv,
    decimal ValueAtStake,
    Guid SourceEvent
);

/// <summary>Those who may be about to leave, by the active model; who has an open episode has left, and is not among them.</summary>
public static class GetRisks
{
    public static void Map(CrmService room) =>
        room.MapGet("churn/risks", "Who may be about to leave, the latest crossing first", "segmentation.read", Risks)
            .WithName("GetRisks")
            .Produces<Page<RiskRow>>()
            .Refuses("model-not-active");

    static async Task<IResult> Risks(
        [Description("Only this band; all below ok if left out.")] [OneOf(null, "watch", "risk", "critical")] string? band,
        NpgsqlDataSource db,
        Business business,
        TimeProvider clock,
        int? limit,
        string? after,
        CancellationToken ct
    )
    {
        var (size, (at, id)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
        var model = await ModelList.Active(db, ct);
        var rows = await db.Query<Row>(
            """
            select r.customer_id, r.band, r.since, r.event_id from churn_risks r
            join churn_facts f on f.customer_id = r.customer_id and f.survivor_id is null
            where r.band <> 'Ok' and (@band::text is null or lower(r.band) = @band)
                and (@at::timestamptz is null or (r.since, r.customer_id) < (@at, @id))
                and not exists (select from churn_episodes e where e.customer_id = r.customer_id and e.state = 'Open')
            order by r.since desc, r.customer_id desc limit @size + 1
            """,
            new
            {
                band,
                at,
                id,
                size,
            },
            ct
        );
        var today = business.DayOf(clock.GetUtcNow());
        var groups = await CustomerGroups.Of(db, [.. rows.Select(r => r.CustomerId)], ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        var histories = (
            await BuyingHistories.OfSome(connection, [.. groups.Values.SelectMany(g => g.Members)], business, today, ct)
        ).ToDictionary(h => h.CustomerId);
        var scorer = model.Scorer;
        return Results.Ok(Page.Of(rows, size, Shown, r => TimeCursor.Of(r.Since, r.CustomerId)));

        RiskRow Shown(Row r)
        {
            // Counted by another follower, which may be a moment behind.
            var score = histories.TryGetValue(r.CustomerId, out var h)
                ? scorer.Of(h.X, h.Recency, h.Age(today), h.MeanValue(business))
                : default;
            return new(
                r.CustomerId,
                Enum.Parse<RiskBand>(r.Band),
                r.Since,
                Math.Round(score.Alive, 4),
                GetLifetime.Amount(score.Clv, business),
                GetLifetime.Amount(score.Clv * (1 - score.Alive), business),
                r.EventId
            );
        }
    }

    sealed class Row
    {
        public Guid CustomerId { get; init; }
        public string Band { get; init; } = "";
        public DateTimeOffset Since { get; init; }
        public Guid EventId { get; init; }
    }
}
