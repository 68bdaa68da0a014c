using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>The streams of an order; what it was reserved for never changes.</summary>
public sealed record OrderStreams(Guid OrderId, Guid RewardId, Guid CustomerId);

/// <summary>
/// An order comes to nothing: stock, allowance and points return in the transaction that ends it, the points to their own lots with their
/// own expiry.
/// </summary>
public static class GiveBack
{
    /// <param name="of">The order and what it was made of.</param>
    /// <param name="end">Decides whether and when it ends.</param>
    /// <param name="rules">The rules by which the points return.</param>
    public static Write Of(OrderStreams of, Func<RewardOrder, IRewardOrderEvent[]> end, LoyaltyRules rules) =>
        Write.To(
            RewardOrder.Of(of.OrderId),
            Reward.Of(of.RewardId),
            Allowance.Of(of.RewardId, of.CustomerId),
            LoyaltyAccount.Of(of.CustomerId),
            (order, reward, allowance, account) =>
            {
                if (end(order.State) is not [.., { OccurredAt: var at }] ended)
                    return;
                order.Append(ended);
                reward.Append(new StockReleased(of.OrderId, at));
                allowance.Append(new AllowanceFreed(of.OrderId, at));
                account.Append(
                    account.State.Redemptions.ContainsKey(of.OrderId)
                        ? new CancelRedemption(of.OrderId).Decide(account.State, rules, at)
                        : throw new RuleViolationException("books-closed", "The ledger has closed its books over the points of this order.")
                );
            }
        );
}
