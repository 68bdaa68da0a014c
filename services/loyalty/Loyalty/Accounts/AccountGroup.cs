using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>The account of a member of a group, in a few numbers.</summary>
/// <param name="Tier">The tier of this account; what it earns follows from it.</param>
/// <param name="Balance">Points of this account, pending ones and debt included.</param>
/// <param name="Available">Points of this account, which this member can spend now.</param>
public sealed record AccountOfMember(Guid CustomerId, string Tier, long Balance, long Available);

/// <summary>Customers who are one person. Their accounts stay apart and are shown together.</summary>
/// <param name="SurvivorId">The member under whose id they are shown.</param>
/// <param name="Members">The survivor first; a member without an account then is left out.</param>
public sealed record AccountGroup(Guid SurvivorId, IReadOnlyList<AccountOfMember> Members)
{
    /// <summary>The accounts of a group as one. Each lot is counted once; the tier is the best, and says whose it is.</summary>
    /// <param name="accounts">Those that there are, in the order of the members.</param>
    public static AccountShown? Together(
        Guid customerId,
        CustomerGroup group,
        IReadOnlyList<AccountShown> accounts,
        LoyaltyRules rules,
        DateTimeOffset at
    )
    {
        var own = accounts.FirstOrDefault(a => a.CustomerId == customerId);
        if (group.IsAlone || accounts.Count == 0)
            return own;
        return rules.Best(accounts, a => a.Tier, at)! with
        {
            CustomerId = customerId,
            Balance = accounts.Sum(a => a.Balance),
            Available = accounts.Sum(a => a.Available),
            Pending = accounts.Sum(a => a.Pending),
            Debt = accounts.Sum(a => a.Debt),
            Earned = accounts.Sum(a => a.Earned),
            Redeemed = accounts.Sum(a => a.Redeemed),
            Expired = accounts.Sum(a => a.Expired),
            Reversed = accounts.Sum(a => a.Reversed),
            TransferredIn = accounts.Sum(a => a.TransferredIn),
            TransferredOut = accounts.Sum(a => a.TransferredOut),
            Purchases = accounts.Sum(a => a.Purchases),
            Forgotten = own?.Forgotten ?? false,
            Version = own?.Version ?? 0,
            Lots = [.. accounts.SelectMany(a => a.Lots)],
            Group = new(group.SurvivorId, [.. accounts.Select(a => new AccountOfMember(a.CustomerId, a.Tier, a.Balance, a.Available))]),
        };
    }
}
