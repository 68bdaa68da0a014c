namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Takes a redemption back: its points return to the lots that they came from, with their own expiry. What is past it expires at once, and
/// what a return of goods meanwhile claimed in vain is taken then.
/// </summary>
public sealed record CancelRedemption(Guid RedemptionId)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, DateTimeOffset now)
    {
        var redemption = account.Redemptions[RedemptionId];
        if (redemption.Cancelled) return [];
        var events = new List<IAccountEvent>(ExpirePoints.Decide(account, now));
        account = account.After(events);

        var points = redemption.From.Sum(a => a.Points);
        var repaid = Math.Min(points, account.Debt);
        var to = redemption.From.Select(a => account.Lots[a.LotId] with { Remaining = a.Points }).ByExpiry().Take(points - repaid);
        Note(new RedemptionCancelled(RedemptionId, points, repaid, to, account.Balance + points, now));
        // These were not there to expire in time: they do so now, not at an instant when they were spent.
        foreach (var back in to)
            if (account.Lots[back.LotId].IsDue(now))
                Note(new PointsExpired(back.LotId, back.Points, account.Balance - back.Points, now));
        foreach (var back in to)
            if (account.Lots[back.LotId] is { LastReturn: { } lastReturn } lot && lot.ToTake(lot.Claimed) > 0)
                Note(ReversePoints.Claim(account, lot, lot.Refunded, lastReturn, rules.Returns, now));
        return [.. events];

        void Note(IAccountEvent e)
        {
            events.Add(e);
            account = account.Evolve(e);
        }
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/loyalty/accounts/{customerId:guid}/redemptions/{redemptionId:guid}/cancel",
        async (Guid customerId, Guid redemptionId, IfMatch ifMatch, EventStore store, LoyaltyRules rules, TimeProvider clock, CancellationToken ct) =>
    {
        if ((await store.AggregateStream<RewardOrder, IRewardOrderEvent>(redemptionId, ct: ct)).State.Reserved is not null) throw new RuleViolationException("redemption-of-an-order", "These points were spent on a reward: cancel its order.");
        var known = false;
        var done = await store.WriteToAggregate(customerId, (LoyaltyAccount account) =>
            (known = account.Redemptions.ContainsKey(redemptionId)) ? new CancelRedemption(redemptionId).Decide(account, rules, clock.GetUtcNow()) : [], ifMatch.Version, ct: ct);
        return known ? Answer.Done(redemptionId, done.Version) : Answer.NotFound("redemption", redemptionId);
    }).RequirePermission("loyalty.points.redeem").Idempotent().WithName("CancelRedemption").WithTags("accounts").Produces<Changed>().ProducesProblem(422);
}
