using System.Globalization;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Measures;

/// <param name="Cohort">The month in which members joined, on the business's calendar.</param>
/// <param name="RepeatRate">Null where nobody bought.</param>
/// <param name="PointsTransferred">From members of other cohorts, less what went to them: liability = issued + transferred − redeemed −
/// expired.</param>
public sealed record CohortShown(
    string Cohort,
    long Members,
    long ActiveMembers,
    long Buyers,
    long RepeatBuyers,
    decimal? RepeatRate,
    decimal Revenue,
    decimal RepeatRevenue,
    long PointsIssued,
    long PointsRedeemed,
    long PointsExpired,
    long PointsTransferred,
    long Liability,
    decimal LiabilityValue,
    decimal? TenureMean,
    decimal? TenureMedian
);

/// <param name="Position">Up to which event of the log this is known.</param>
public sealed record CohortsShown(DateTimeOffset AsOf, long Position, int ActiveDays, IReadOnlyList<CohortShown> Cohorts);

/// <summary>The same numbers by the month in which members joined, oldest first.</summary>
public static class GetCohorts
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "measures/cohorts",
                "The measures of each cohort of members",
                "loyalty.read",
                async (
                    DateTimeOffset? asOf,
                    int? activeDays,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var question = Question.Of(asOf, activeDays, rules, clock);
                    var (all, position) = await Question.Ask(
                        db,
                        async connection => (await connection.QueryAsync<Figures>(question.Command(Figures.Sql, ct))).Skip(1),
                        ct
                    );
                    return new CohortsShown(
                        question.At,
                        position,
                        question.ActiveDays,
                        [
                            .. all.Select(f => new CohortShown(
                                Cohort: f.Cohort!.Value.ToString("yyyy-MM", CultureInfo.InvariantCulture),
                                Members: f.Members,
                                ActiveMembers: f.Active,
                                Buyers: f.Buyers,
                                RepeatBuyers: f.RepeatBuyers,
                                RepeatRate: Figures.Share(f.RepeatBuyers, f.Buyers),
                                Revenue: f.Revenue,
                                RepeatRevenue: f.RepeatRevenue,
                                PointsIssued: f.Issued,
                                PointsRedeemed: f.Redeemed,
                                PointsExpired: f.Expired,
                                PointsTransferred: f.Transferred,
                                Liability: f.Liability,
                                LiabilityValue: f.Liability * rules.PointValue,
                                TenureMean: Figures.Share(f.Days, f.Members),
                                TenureMedian: f.MedianDays
                            )),
                        ]
                    );
                }
            )
            .AtOnce(Question.AtOnce);
}
