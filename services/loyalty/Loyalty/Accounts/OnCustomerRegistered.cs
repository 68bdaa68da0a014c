using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>A customer is known: they have an account.</summary>
public sealed class OnCustomerRegistered(LoyaltyRules rules) : IReaction<Contracts.CustomerRegistered>
{
    public IEnumerable<Write> React(Contracts.CustomerRegistered fact, FactContext about) =>
        [Write.To(LoyaltyAccount.Of(fact.CustomerId), account => OpenAccount.Decide(account, rules, fact.OccurredAt))];
}
