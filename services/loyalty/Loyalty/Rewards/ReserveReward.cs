namespace CrmPlatform.Loyalty.Rewards;

/// <summary>
/// A member takes a reward off the shelf: stock, allowance and points go in one transaction or not at all, at the price of the member's tier at this instant.
/// Without a confirmation all three come back.
/// </summary>
public sealed record ReserveReward(Guid CustomerId, Guid RewardId)
{
    /// <summary>What a reservation says to each of its four streams.</summary>
    public sealed record Reservation(IRewardOrderEvent[] Order, IRewardEvent[] Reward, IAllowanceEvent[] Allowance, IAccountEvent[] Account);

    public Reservation Decide(Guid orderId, RewardOrder order, Reward reward, Allowance allowance, LoyaltyAccount account, LoyaltyRules ledger, RewardRules rules, DateTimeOffset now)
    {
        if (order.Reserved is not null) return new([], [], [], []);
        var offer = reward.Known(RewardId).Offer!;
        if (!account.IsOpen) throw new NotFoundException("account", CustomerId);
        // Points that are unlocked by now may have made a better tier, written down or not.
        var tier = account.After(PassTime.Decide(account, ledger, now)).Tier!;
        if (!reward.IsPublished || !offer.IsAvailable(now)) throw new RuleViolationException("not-available", "This reward is not available at present.");
        if (offer.PriceFor(tier) is not { } price) throw new RuleViolationException("tier-not-allowed", $"This reward is not for members of tier {tier}.");
        if (allowance.Used >= offer.PerMember) throw new RuleViolationException("limit-reached", $"A member has this reward {offer.PerMember} times at most.");
        if (reward.Stock <= 0) throw new RuleViolationException("out-of-stock", "Nothing is left of this reward.");
        var spent = new RedeemPoints(price, $"reward-{reward.Code}").Decide(account, ledger, orderId, now);
        return new(
            [new RewardReserved(CustomerId, RewardId, reward.Code, offer.Kind, tier, price, offer.ValidDays, now + rules.ReservationLasts, now)],
            [new StockReserved(orderId, now)], [new AllowanceUsed(orderId, now)], spent);
    }

    /// <summary>Looks at all four streams, then decides, then says to each what was decided.</summary>
    public IReadOnlyList<Write> Writes(Guid orderId, LoyaltyRules ledger, RewardRules rules, TimeProvider clock)
    {
        // One stream cannot be both; found out here, it is a 404 and not a broken transaction.
        if (RewardId == CustomerId) throw new NotFoundException("reward", RewardId);
        var (order, reward, allowance, account) = (RewardOrder.Initial, Reward.Initial, Allowance.Initial, LoyaltyAccount.Initial);
        var decided = new Reservation([], [], [], []);
        var allowanceId = Allowance.IdOf(RewardId, CustomerId);
        return
        [
            Write.To(orderId, (RewardOrder o) => Look<IRewardOrderEvent>(order = o)),
            Write.To(RewardId, (Reward r) => Look<IRewardEvent>(reward = r)),
            Write.To(allowanceId, (Allowance a) => Look<IAllowanceEvent>(allowance = a)),
            Write.To(CustomerId, (LoyaltyAccount a) => (decided = Decide(orderId, order, reward, allowance, account = a, ledger, rules, clock.GetUtcNow())).Account),
            Write.To(allowanceId, (Allowance _) => decided.Allowance),
            Write.To(RewardId, (Reward _) => decided.Reward),
            Write.To(orderId, (RewardOrder _) => decided.Order),
        ];

        static T[] Look<T>(object _) => [];
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/loyalty/orders",
        async (ReserveReward command, NewId newId, EventStore store, LapseReservations lapses, NpgsqlDataSource db, LoyaltyRules ledger, RewardRules rules, TimeProvider clock, CancellationToken ct) =>
    {
        await lapses.For(command, db, store, clock.GetUtcNow(), ct);
        var done = await RewardMetrics.Reserved(() => store.WriteToAggregates(command.Writes(newId.Value, ledger, rules, clock), ct: ct));
        return Answer.Created($"/api/loyalty/orders/{newId.Value}", newId.Value, done[^1].Version);
    }).RequirePermission("loyalty.rewards.reserve").Idempotent().WithName("ReserveReward").WithSummary("Reserve a reward for points").WithTags("reward orders").Produces<Changed>(201).ProducesProblem(404).Refuses("not-available", "tier-not-allowed", "limit-reached", "out-of-stock", "insufficient-points", "customer-forgotten");
}
