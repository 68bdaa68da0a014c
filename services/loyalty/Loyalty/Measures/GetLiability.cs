using System.ComponentModel;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Measures;

/// <summary>What is owed of one kind.</summary>
/// <param name="Bucket">The kind: a state, an age or expiry in months, a cohort, or a tier.</param>
/// <param name="Accounts">How many accounts have points in it.</param>
/// <param name="Points">How many points; a debt is negative.</param>
/// <param name="Value">In the base currency, at <c>PointValue</c>.</param>
public sealed record LiabilityRow(string Bucket, long Accounts, long Points, decimal Value);

/// <summary>What the business owes in points.</summary>
/// <param name="AsOf">The instant for which this holds.</param>
/// <param name="Position">Number of the event of the log up to which this is known.</param>
/// <param name="By">By what it is divided.</param>
/// <param name="Points">Points that can still be spent, now or later, less debts.</param>
/// <param name="Value">The same in the base currency, at pointValue.</param>
/// <param name="Rows">They add up to the points.</param>
public sealed record LiabilityShown(
    DateTimeOffset AsOf,
    long Position,
    string By,
    long Points,
    decimal Value,
    IReadOnlyList<LiabilityRow> Rows
);

/// <summary>
/// What the business owes in points as of an instant, and of what kind. The rows add up to the total, and this to the balances of all
/// accounts.
/// </summary>
public static class GetLiability
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "measures/liability",
                "The points that can still be spent, by state, age, expiry, cohort or tier",
                "loyalty.read",
                async (
                    [Description("As of this instant; now if left out.")] DateTimeOffset? asOf,
                    [Description("By what it is divided: state (default), age, expiry, cohort or tier.")] string? by,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var (question, buckets) = (Question.Of(asOf, null, rules, clock), Buckets.Named(by));
                    var (rows, position) = await Question.Ask(
                        db,
                        async connection =>
                            (
                                await connection.QueryAsync<(string Bucket, long Accounts, long Points)>(question.Command(Sql(buckets), ct))
                            ).AsList(),
                        ct
                    );
                    var points = rows.Sum(r => r.Points);
                    // Months go before what never ends, tiers that are no more after those that are.
                    string[] order =
                        buckets.Name == "tier"
                            ? [.. rules.TierNames]
                            : ["0-3", "3-6", "6-12", "12-24", "24+", "never", "waiting", "available", "pending", "debt"];
                    return new LiabilityShown(
                        question.At,
                        position,
                        buckets.Name,
                        points,
                        points * rules.PointValue,
                        [
                            .. rows.OrderBy(r =>
                                    Array.IndexOf(order, r.Bucket) is >= 0 and var place ? place
                                    : buckets.Name == "tier" ? order.Length
                                    : -1
                                )
                                .ThenBy(r => r.Bucket, StringComparer.Ordinal)
                                .Select(r => new LiabilityRow(r.Bucket, r.Accounts, r.Points, r.Points * rules.PointValue)),
                        ]
                    );
                }
            )
            .AtOnce(Question.AtOnce);

    static string Sql(Buckets by) =>
        $"""
            {AsOf.Tables}
            select bucket, count(*) as accounts, sum(points)::bigint as points from (
                select bucket, customer_id, sum(points) as points from (
                    select {by.OfLot} as bucket, l.customer_id, l.points from lots l {by.Joins("l.customer_id")} where not l.gone
                    union all
                    select {by.OfRest}, r.customer_id, r.points from loose r {by.Joins("r.customer_id")}
                ) owed group by bucket, customer_id having sum(points) <> 0
            ) accounts group by bucket
            """;
}
