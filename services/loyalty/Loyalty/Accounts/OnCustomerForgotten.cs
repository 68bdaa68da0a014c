namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// A customer is forgotten: the ledger names nobody and stays, its points can no longer be spent, and the erasure is acknowledged.
/// </summary>
public sealed class OnCustomerForgotten : IReaction<Contracts.CustomerForgotten>
{
    public IEnumerable<Write> React(Contracts.CustomerForgotten fact, FactContext about) =>
        [
            Write.To(
                LoyaltyAccount.Of(fact.CustomerId),
                account => account.IsForgotten ? [] : new IAccountEvent[] { new HolderForgotten(fact.OccurredAt) }
            ),
        ];
}
