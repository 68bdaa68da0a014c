using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>
/// A member takes a reward off the shelf: stock, allowance and points go in one transaction or not at all, at the price of the member's
/// tier at this instant. Without a confirmation all three come back. Of customers who are one person the best tier decides, and the limit
/// counts what all of them have; the points are the member's own.
/// </summary>
/// <param name="CustomerId">The member who takes it.</param>
/// <param name="RewardId">Id of the reward.</param>
public sealed record ReserveReward(Guid CustomerId, Guid RewardId)
{
    /// <summary>What a reservation says to each of its four streams.</summary>
    public sealed record Reservation(
        IRewardOrderEvent[] Order,
        IRewardEvent[] Reward,
        IAllowanceEvent[] Allowance,
        IAccountEvent[] Account
    );

    /// <summary>What the other members of the group bring.</summary>
    /// <param name="Tiers">The tiers of their accounts.</param>
    /// <param name="Used">How many of this reward they have.</param>
    public sealed record Others(IReadOnlyList<string> Tiers, int Used = 0)
    {
        public static Others None { get; } = new([]);
    }

    public Reservation Decide(
        Guid orderId,
        RewardOrder order,
        Reward reward,
        Allowance allowance,
        LoyaltyAccount account,
        LoyaltyRules ledger,
        RewardRules rules,
        DateTimeOffset now,
        Others? others = null
    )
    {
        others ??= Others.None;
        if (order.Reserved is not null)
            return new([], [], [], []);
        var offer = reward.Known(RewardId).Offer!;
        if (!account.IsOpen)
            throw new NotFoundException("account", CustomerId);
        // Points that are unlocked by now may have made a better tier, written down or not.
        var own = account.After(PassTime.Decide(account, ledger, now)).Tier!;
        var tier = ledger.Best([own, .. others.Tiers], t => t, now)!;
        if (!reward.IsPublished || !offer.IsAvailable(now))
            throw new RuleViolationException("not-available", "This reward is not available at present.");
        if (offer.PriceFor(tier) is not { } price)
            throw new RuleViolationException("tier-not-allowed", $"This reward is not for members of tier {tier}.");
        if (allowance.Used + others.Used >= offer.PerMember)
            throw new RuleViolationException("limit-reached", $"One person has this reward {offer.PerMember} times at most.");
        if (reward.Stock <= 0)
            throw new RuleViolationException("out-of-stock", "Nothing is left of this reward.");
        var spent = new RedeemPoints(price, $"reward-{reward.Code}").Decide(account, ledger, orderId, now);
        return new(
            [
                new RewardReserved(
                    CustomerId: CustomerId,
                    RewardId: RewardId,
                    Reward: reward.Code,
                    Kind: offer.Kind,
                    Tier: tier,
                    Points: price,
                    ValidDays: offer.ValidDays,
                    LapsesAt: now + rules.ReservationLasts,
                    OccurredAt: now
                ),
            ],
            [new StockReserved(orderId, now)],
            [new AllowanceUsed(orderId, now)],
            spent
        );
    }

    /// <summary>
    /// The order, the reward, the member's allowance of it and their account, in one transaction, which also reads the allowances of the
    /// others: so members of a group who order at once do not get more than one person may have.
    /// </summary>
    /// <param name="others">The other members of the group.</param>
    /// <param name="tiers">The tiers of their accounts.</param>
    public Write Of(
        Guid orderId,
        LoyaltyRules ledger,
        RewardRules rules,
        TimeProvider clock,
        IEnumerable<Guid>? others = null,
        IReadOnlyList<string>? tiers = null
    )
    {
        // One stream cannot be both; found out here, it is a 404 and not a broken transaction.
        if (RewardId == CustomerId)
            throw new NotFoundException("reward", RewardId);
        return Write.To(
            RewardOrder.Of(orderId),
            Rewards.Reward.Of(RewardId),
            Rewards.Allowance.Of(RewardId, CustomerId),
            LoyaltyAccount.Of(CustomerId),
            [.. (others ?? []).Select(other => Rewards.Allowance.Of(RewardId, other))],
            (order, reward, allowance, account, theirs) =>
            {
                var decided = Decide(
                    orderId,
                    order.State,
                    reward.State,
                    allowance.State,
                    account.State,
                    ledger,
                    rules,
                    clock.GetUtcNow(),
                    new(tiers ?? [], theirs.Sum(t => t.State.Used))
                );
                account.Append(decided.Account);
                allowance.Append(decided.Allowance);
                reward.Append(decided.Reward);
                order.Append(decided.Order);
            }
        );
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "orders",
                "Reserve a reward for points",
                "loyalty.rewards.reserve",
                async (
                    ReserveReward command,
                    Request request,
                    EventStore store,
                    LapseReservations lapses,
                    NpgsqlDataSource db,
                    LoyaltyRules ledger,
                    RewardRules rules,
                    TimeProvider clock
                ) =>
                {
                    await lapses.For(command, request, db, store);
                    var others = (await CustomerGroups.Of(db, command.CustomerId, request.Cancelled)).OthersThan(command.CustomerId);
                    var accounts = await MemberAccount.Of(others, store, ledger, clock.GetUtcNow(), request.Cancelled);
                    string[] tiers = [.. accounts.Select(a => a.Account.Tier!)];
                    request.Creates(request.NewId, $"/api/loyalty/orders/{request.NewId}");
                    return request.Done(
                        await RewardMetrics.Reserved(() =>
                            store.Write(request, command.Of(request.NewId, ledger, rules, clock, others, tiers))
                        )
                    );
                }
            )
            .ProducesProblem(404)
            .Produces<Changed>(201)
            .Refuses("not-available", "tier-not-allowed", "limit-reached", "out-of-stock", "insufficient-points", "customer-forgotten");
}
