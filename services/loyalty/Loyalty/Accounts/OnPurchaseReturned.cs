using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Goods came back: their points go, by the lines where the shop knows them.</summary>
public sealed class OnPurchaseReturned(LoyaltyRules rules) : IReaction<Contracts.PurchaseReturned>
{
    public IEnumerable<Write> React(Contracts.PurchaseReturned fact, FactContext about)
    {
        if (fact.CustomerId is { } customer)
            yield return Write.To(
                LoyaltyAccount.Of(customer),
                account =>
                    new ReversePoints(
                        fact.ReturnId,
                        fact.PurchaseId,
                        fact.BaseNet,
                        fact.OccurredAt,
                        InBase(fact, account.Purchases.GetValueOrDefault(fact.PurchaseId)?.Rate)
                    ).Decide(account, rules)
            );
    }

    /// <summary>The lines in the base currency; where the rate was not kept, by what the whole return is in it.</summary>
    static IReadOnlyList<ReturnedLine>? InBase(Contracts.PurchaseReturned fact, decimal? rate) =>
        fact.Lines is { Count: > 0 } lines
            ?
            [
                .. lines.Select(l => new ReturnedLine(
                    Keys.Normal(l.ProductId),
                    l.Net * (rate ?? (fact.Net == 0 ? 1 : fact.BaseNet / fact.Net))
                )),
            ]
            : null;
}
