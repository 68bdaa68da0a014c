using System.Globalization;
using CrmPlatform.Loyalty.Activities;

namespace CrmPlatform.Loyalty.Tests.Measures;

/// <summary>
/// Every measure straight from the facts, the plain way: each account folded for itself, each number summed by hand. What the tables answer
/// must equal this.
/// </summary>
sealed class Plain
{
    /// <param name="Tier">As it was written down last, not what time has done to it since.</param>
    public sealed record Member(
        Guid Id,
        string Cohort,
        int Days,
        string Tier,
        AccountShown Account,
        IReadOnlyList<decimal> Purchases,
        bool Active,
        int Referrals
    );

    public IReadOnlyList<Member> Members { get; }

    readonly DateTimeOffset at;
    readonly LoyaltyRules rules;

    public Plain(IReadOnlyDictionary<Guid, IReadOnlyList<RecordedEvent>> streams, LoyaltyRules rules, DateTimeOffset at, int activeDays)
    {
        (this.at, this.rules) = (at, rules);
        var attended = streams
            .Values.SelectMany(s => s)
            .Select(e => e.Data)
            .OfType<MemberAttended>()
            .ToLookup(a => a.CustomerId, a => a.OccurredAt);
        Members =
        [
            .. from stream in streams
            // What another programme tells of the time before is not of this one.
            let here = stream.Value.Where(e => e.Data is IAccountEvent and not HistoryImported).ToList()
            let joined = here.Select(e =>
                    e.Data switch
                    {
                        AccountOpened f => f.OccurredAt,
                        MemberImported f => f.JoinedAt,
                        _ => DateTimeOffset.MaxValue,
                    }
                )
                .DefaultIfEmpty(DateTimeOffset.MaxValue)
                .Min()
            where joined <= at
            let facts = here.Select(e => (IAccountEvent)e.Data).Where(f => f.OccurredAt <= at).ToList()
            let returned = facts.OfType<ReturnCounted>().ToLookup(r => r.PurchaseId, r => r.Net)
            let own = facts
                .Where(f => f is PurchaseCounted or PointsRedeemed or PointsTransferredOut or ActionCounted)
                .Select(f => f.OccurredAt)
                .Concat(attended[stream.Key].Where(a => a <= at))
            let month = rules.Business.DayOf(joined)
            select new Member(
                stream.Key,
                month.ToString("yyyy-MM", CultureInfo.InvariantCulture),
                rules.Business.DayOf(at).DayNumber - month.DayNumber,
                LoyaltyAccount.Initial.After(facts).Tier ?? rules.SchemeAt(at).Tiers[0].Name,
                AccountAsOf.Of(stream.Key, here, rules, at)!,
                [
                    .. facts
                        .OfType<PurchaseCounted>()
                        .OrderBy(p => p.OccurredAt)
                        .Select(p => p.Net - returned[p.PurchaseId].Sum())
                        .Where(net => net > 0),
                ],
                own.Any(a => a > at.AddDays(-activeDays)),
                facts.OfType<ActionCounted>().Count(a => a.Action == "referral")
            ),
        ];
    }

    public static (decimal Numerator, decimal? Denominator) Of(IReadOnlyList<Member> members, string measure)
    {
        decimal buyers = members.Count(m => m.Purchases.Count > 0),
            purchases = members.Sum(m => m.Purchases.Count),
            revenue = members.Sum(m => m.Purchases.Sum());
        decimal issued = members.Sum(m => m.Account.Earned - m.Account.Reversed);
        var days = members.Select(m => m.Days).Order().ToList();
        int[] middle =
            days.Count == 0 ? []
            : days.Count % 2 == 1 ? [days[days.Count / 2]]
            : [days[days.Count / 2 - 1], days[days.Count / 2]];
        return measure switch
        {
            "repeat-rate" => (members.Count(m => m.Purchases.Count > 1), buyers),
            "repeat-revenue-share" => (members.Sum(m => m.Purchases.Skip(1).Sum()), revenue),
            "purchase-frequency" => (purchases, buyers),
            "purchase-value" => (revenue, purchases),
            "referral-rate" => (members.Sum(m => m.Referrals), members.Count),
            "redemption-rate" => (members.Sum(m => m.Account.Redeemed), issued),
            "breakage" => (members.Sum(m => m.Account.Expired), issued),
            "active-members" => (members.Count(m => m.Active), members.Count),
            "tenure-mean" => (days.Sum(), members.Count),
            "tenure-median" => (middle.Sum(), middle.Length),
            "liability" => (members.Sum(m => m.Account.Balance), null),
            _ => throw new ArgumentException(measure),
        };
    }

    /// <summary>Points and accounts by bucket; what is in no lot is a debt, or what a return dated before a lot took from it.</summary>
    public Dictionary<string, (long Accounts, long Points)> Liability(string by)
    {
        var parts = by switch
        {
            "cohort" => Members.Select(m => (m.Id, Bucket: m.Cohort, Points: m.Account.Balance)),
            "tier" => Members.Select(m => (m.Id, Bucket: m.Tier, Points: m.Account.Balance)),
            _ => Members.SelectMany(m =>
                m.Account.Lots.Select(l => (m.Id, Bucket: BucketOf(l, by), Points: l.Remaining))
                    .Append((m.Id, Bucket: "debt", Points: m.Account.Balance - m.Account.Lots.Sum(l => l.Remaining)))
            ),
        };
        return parts
            .Where(p => p.Points != 0)
            .GroupBy(p => p.Bucket)
            .ToDictionary(g => g.Key, g => ((long)g.Select(p => p.Id).Distinct().Count(), g.Sum(p => p.Points)));
    }

    string BucketOf(LotShown lot, string by) =>
        by switch
        {
            "state" => lot.ActiveFrom is null && lot.Awaits is null ? "available" : "pending",
            "expiry" => lot.Awaits is not null ? "waiting"
            : lot.ExpiresAt is not { } end ? "never"
            : rules.Business.DayOf(end.AddMicroseconds(-1)).ToString("yyyy-MM", CultureInfo.InvariantCulture),
            _ => new[] { (3, "0-3"), (6, "3-6"), (12, "6-12"), (24, "12-24") }
                .FirstOrDefault(a => lot.EarnedAt > Ago(a.Item1), (0, "24+"))
                .Item2,
        };

    DateTimeOffset Ago(int months) =>
        new DateTimeOffset(
            TimeZoneInfo.ConvertTime(at, rules.Business.Zone).DateTime.AddMonths(-months),
            TimeSpan.FromHours(8)
        ).ToUniversalTime();
}
