namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>Segmentation's ABC grade decides where no policy names the tier.</summary>
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
                        standing.Grade == fact.To ? [] : new IStandingEvent[] { new GradeNoted(fact.To, fact.OccurredAt.ToUniversalTime()) }
                ),
            ];
}
