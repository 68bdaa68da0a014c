namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>Segmentation's ABC grade decides the policy if no policy names the customer's tier.</summary>
public sealed class OnGradeChanged : IReaction<Contracts.GradeChanged>
{
    public IEnumerable<Write> React(Contracts.GradeChanged fact, FactContext about) =>
        fact.Scheme != "abc"
            ? []
            :
            [
                Write.To(
                    CustomerStanding.Of(fact.CustomerId),
                    standing =>
                        standing.Forgotten || standing.Grade == fact.To
                            ? []
                            : new IStandingEvent[] { new GradeNoted(fact.To, fact.OccurredAt.ToUniversalTime()) }
                ),
            ];
}
