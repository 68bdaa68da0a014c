namespace CrmPlatform.Loyalty.Rewards;

/// <summary>The streams of an order; what it was reserved for never changes.</summary>
public sealed record OrderStreams(Guid OrderId, Guid RewardId, Guid CustomerId);

/// <summary>An order comes to nothing: stock, allowance and points return in the transaction that ends it, the points to their own lots with their own expiry.</summary>
public static class GiveBack
{
    /// <param name="of">The order and what it was made of.</param>
    /// <param name="end">Decides whether and when it ends.</param>
    /// <param name="rules">The ledger's.</param>
    public static IReadOnlyList<Write> Writes(OrderStreams of, Func<RewardOrder, IRewardOrderEvent[]> end, LoyaltyRules rules)
    {
        DateTimeOffset? ended = null;
        return
        [
            Write.To(of.OrderId, (RewardOrder order) =>
            {
                var facts = end(order);
                ended = facts is [.., var last] ? last.OccurredAt : null;
                return facts;
            }),
            Write.To(of.RewardId, (Reward _) => ended is { } at ? new IRewardEvent[] { new StockReleased(of.OrderId, at) } : []),
            Write.To(Allowance.IdOf(of.RewardId, of.CustomerId), (Allowance _) => ended is { } at ? new IAllowanceEvent[] { new AllowanceFreed(of.OrderId, at) } : []),
            Write.To(of.CustomerId, (LoyaltyAccount account) => ended is not { } at ? []
                : account.Redemptions.ContainsKey(of.OrderId) ? new CancelRedemption(of.OrderId).Decide(account, rules, at)
                : throw new RuleViolationException("books-closed", "The ledger has closed its books over the points of this order.")),
        ];
    }
}
