using System.ComponentModel;
using System.Globalization;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Measures;

/// <summary>The measures of a cohort.</summary>
/// <param name="Cohort">The month in which members joined, on the business's calendar: <c>2026-03</c>.</param>
/// <param name="Members">How many joined.</param>
/// <param name="ActiveMembers">How many of them were active in the last activeDays days.</param>
/// <param name="Buyers">How many of them have a net purchase.</param>
/// <param name="RepeatBuyers">How many of them have two or more.</param>
/// <param name="RepeatRate">Share of repeat buyers among buyers, 0 to 1; null where nobody bought.</param>
/// <param name="Revenue">Their net revenue in the base currency.</param>
/// <param name="RepeatRevenue">That of all but each one's first net purchase.</param>
/// <param name="PointsIssued">Points that were issued, less those taken back.</param>
/// <param name="PointsRedeemed">Points that were spent, less those of cancelled redemptions.</param>
/// <param name="PointsExpired">Points that expired.</param>
/// <param name="PointsTransferred">From members of other cohorts, less what went to them: liability = issued + transferred − redeemed −
/// expired.</param>
/// <param name="Liability">Points that can still be spent, now or later, less debts.</param>
/// <param name="LiabilityValue">The same in the base currency, at pointValue.</param>
/// <param name="TenureMean">Mean of the business days from joining to asOf; null without members.</param>
/// <param name="TenureMedian">Median of the same; null without members.</param>
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

/// <summary>All cohorts as of an instant.</summary>
/// <param name="AsOf">The instant for which this holds.</param>
/// <param name="Position">Number of the event of the log up to which this is known.</param>
/// <param name="ActiveDays">Within how many days an active member did something.</param>
/// <param name="Cohorts">Oldest first.</param>
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
                    [Description("As of this instant; now if left out.")] DateTimeOffset? asOf,
                    [Description("Within how many days an active member did something; the setting if left out.")] int? activeDays,
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
