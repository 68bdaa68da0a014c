namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>
/// Destroys the customer's data key in the transaction that records the erasure. Tickets keep their codes, times and counts.
/// </summary>
public sealed class OnCustomerForgotten : IReaction<Contracts.CustomerForgotten>
{
    public IEnumerable<Write> React(Contracts.CustomerForgotten fact, FactContext about) =>
        [
            Write.To(
                CustomerStanding.Of(fact.CustomerId),
                standing =>
                    standing.Forgotten
                        ? []
                        : new IStandingEvent[]
                        {
                            new PersonalDataErased(fact.CustomerId, KeysDestroyed: 1, fact.OccurredAt.ToUniversalTime()),
                        }
            ),
        ];
}
