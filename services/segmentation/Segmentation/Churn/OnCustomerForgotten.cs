namespace CrmPlatform.Segmentation.Churn;

/// <summary>Nothing more is recorded of who was forgotten, also not by a clock that is just judging them.</summary>
public sealed class OnCustomerForgotten : IReaction<Contracts.CustomerForgotten>
{
    public IEnumerable<Write> React(Contracts.CustomerForgotten fact, FactContext about) =>
        [
            Write.To(
                CustomerChurn.Of(fact.CustomerId),
                churn => churn.Erased ? [] : new IChurnEvent[] { new ChurnErased(fact.CustomerId, fact.OccurredAt.ToUniversalTime()) }
            ),
        ];
}
