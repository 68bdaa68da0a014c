namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>Loyalty's tier decides which policy a customer's next ticket is opened under.</summary>
public sealed class OnTierChanged : IReaction<Contracts.TierChanged>
{
    public IEnumerable<Write> React(Contracts.TierChanged fact, FactContext about) =>
        [
            Write.To(
                CustomerStanding.Of(fact.CustomerId),
                standing =>
                    standing.Forgotten || standing.Tier == fact.To
                        ? []
                        : new IStandingEvent[]
                        {
                            new TierNoted(
                                fact.To,
                                fact.OccurredAt.ToUniversalTime(),
                                // Who was given a tier, or keeps one that has ended since, says nothing of what it takes to reach it.
                                fact.Reason
                                    is "joined"
                                        or "qualified"
                                    ? fact.QualifyingPoints
                                    : null
                            ),
                        }
            ),
        ];
}
