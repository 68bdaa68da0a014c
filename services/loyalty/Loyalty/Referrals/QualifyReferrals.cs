using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Referrals;

/// <summary>
/// Makes referrals good whose first purchase was kept past its return window, dated at the end of that window, and rewards both members in
/// the same transaction. A purchase itself writes nothing here: the clock asks the referees' accounts, which know what was bought and what
/// came back.
/// </summary>
public sealed class QualifyReferrals(ReferralRules rules, LoyaltyRules loyalty) : IDueWork
{
    /// <summary>The actions that earning rules reward.</summary>
    public const string Bringing = Occasion.Referral,
        BeingBrought = Occasion.Referred;

    const string Sql = """
        select r.referee_id, r.referrer_id,
            exists (select from customer_groups g where g.customer_id = r.referee_id and r.referrer_id = any(g.members))
        from referral r
            join ledger_account buyer on buyer.customer_id = r.referee_id
            join ledger_account bringer on bringer.customer_id = r.referrer_id
        where r.status = 'Waiting'
            and (r.look_at <= @now or (r.purchase_id is null and buyer.purchases > r.purchases)
            or buyer.forgotten or bringer.forgotten)
        order by r.qualifies_at, r.look_at, r.referee_id
        """;

    public string Name => "referrals";
    public TimeSpan Every => rules.Every;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from pair in await connection.QueryAsync<(Guid Referee, Guid Referrer, bool OnePerson)>(
            new CommandDefinition(Sql, new { now }, cancellationToken: ct)
        )
        select Of(pair.Referee, pair.Referrer, now, pair.OnePerson);

    /// <param name="onePerson">Referee and referrer are one person, as it turned out since.</param>
    public static IReferralEvent[] Decide(
        ReferralMember referee,
        LoyaltyAccount buyer,
        ReferralMember referrer,
        LoyaltyAccount bringer,
        ReferralRules rules,
        Business business,
        DateTimeOffset now,
        bool onePerson = false
    )
    {
        if (referee is not { Status: ReferralStatus.Waiting, Made: { } made })
            return [];
        if (buyer.IsForgotten || bringer.IsForgotten)
            return [new ReferralEnded(made.RefereeId, made.ReferrerId, "forgotten", now)];
        var first = (
            from p in buyer.Purchases
            where p.Value.At >= made.OccurredAt && p.Value.At < made.LapsesAt
            let past = rules.PastReturns(p.Value.At, business)
            let kept = p.Value.KeptAt(past)
            where kept > 0 && kept >= rules.MinNet
            orderby p.Value.At, p.Key
            select new
            {
                Id = p.Key,
                Past = past,
                Kept = kept,
            }
        ).FirstOrDefault();
        var (noted, seen) = (referee.Reviewed?.PurchaseId, referee.Reviewed?.Purchases ?? made.Purchases);
        if (first is null)
            return now >= made.LapsesAt ? [new ReferralEnded(made.RefereeId, made.ReferrerId, "lapsed", made.LapsesAt)]
                : noted is not null || buyer.PurchaseCount > seen
                    ? [new ReferralReviewed(made.RefereeId, buyer.PurchaseCount, null, null, made.LapsesAt, now)]
                : [];
        if (first.Id != noted)
            return
            [
                new ReferralReviewed(
                    made.RefereeId,
                    buyer.PurchaseCount,
                    first.Id,
                    first.Past,
                    first.Past > now + rules.Settle ? first.Past : now + rules.Settle,
                    now
                ),
            ];
        if (now < referee.Reviewed!.LookAt || now < first.Past)
            return [];
        var qualified = new ReferralQualified(made.RefereeId, made.ReferrerId, first.Id, first.Kept, first.Past);
        if (onePerson)
            return [qualified, new ReferralRewardWithheld(made.RefereeId, made.ReferrerId, "self-referral", first.Past)];
        return rules.MostPerPeriod is { } most && RewardedAbout(first.Past) >= most
            ? [qualified, new ReferralRewardWithheld(made.RefereeId, made.ReferrerId, "cap-reached", first.Past)]
            : [qualified];

        // In either direction, since a purchase that is told late qualifies in the past.
        int RewardedAbout(DateTimeOffset at) =>
            referrer.Rewarded.Count(r => Math.Abs(business.DayOf(r).DayNumber - business.DayOf(at).DayNumber) < rules.PeriodDays);
    }

    /// <summary>Both members and both accounts: what is decided, and the points for it, in one transaction.</summary>
    public Write Of(Guid refereeId, Guid referrerId, DateTimeOffset now, bool onePerson = false) =>
        Write.To(
            ReferralMember.Of(refereeId),
            LoyaltyAccount.Of(refereeId),
            ReferralMember.Of(referrerId),
            LoyaltyAccount.Of(referrerId),
            (referee, buyer, referrer, bringer) =>
            {
                var decided = Decide(referee.State, buyer.State, referrer.State, bringer.State, rules, loyalty.Business, now, onePerson);
                if (decided is not [ReferralQualified q])
                {
                    referee.Append(decided);
                    return;
                }
                var brought = Reward(bringer, Bringing, refereeId, q.OccurredAt);
                var was = Reward(buyer, BeingBrought, referrerId, q.OccurredAt);
                referee.Append(q, new ReferralRewarded(refereeId, referrerId, brought, was, q.OccurredAt));
                referrer.Append(new ReferralRewardCounted(refereeId, q.OccurredAt));
            }
        );

    long Reward(Loaded<LoyaltyAccount, IAccountEvent> member, string action, Guid other, DateTimeOffset at)
    {
        var events = RewardAction.Decide(
            member.State,
            loyalty,
            new(action, new RewardAction(action, other.ToString()).IdFor(member.Id), at)
        );
        member.Append(events);
        return events.OfType<PointsEarned>().Sum(e => e.Points);
    }
}
