namespace CrmPlatform.Loyalty.Care;

/// <summary>A customer is forgotten: the key that seals their birthday goes, and nobody greets them.</summary>
public sealed class OnCustomerForgotten : IReaction<Contracts.CustomerForgotten>
{
    public IEnumerable<Write> React(Contracts.CustomerForgotten fact, FactContext about) =>
        [
            Write.To(
                CustomerCare.Of(fact.CustomerId),
                care => care.Ended ? [] : new ICareEvent[] { new CareEnded(fact.CustomerId, fact.OccurredAt.ToUniversalTime()) }
            ),
        ];
}
