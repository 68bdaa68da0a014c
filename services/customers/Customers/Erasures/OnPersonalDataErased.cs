namespace CrmPlatform.Customers.Erasures;

/// <summary>Another context has erased a person.</summary>
public sealed class OnPersonalDataErased : IReaction<Contracts.PersonalDataErased>
{
    public IEnumerable<Write> React(Contracts.PersonalDataErased fact, FactContext about) =>
        [
            Write.To(
                Erasure.Of(fact.CustomerId),
                e =>
                    e.Acknowledged.ContainsKey(about.Publisher)
                        ? []
                        : new IErasureEvent[] { new ErasureAcknowledged(fact.CustomerId, about.Publisher, fact.OccurredAt) }
            ),
        ];
}
