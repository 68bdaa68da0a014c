using CrmPlatform.Contracts;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Notes with whom the customer is one, from a merge and from an unmerge alike: each names the whole group, and the last that is told of a
/// customer holds. Nothing else is written: facts, streams and ids stay with the customer that they name.
/// </summary>
public sealed class OnGroupChange<TFact> : IReaction<TFact>
    where TFact : IGroupChange
{
    public IEnumerable<Write> React(TFact fact, FactContext about) =>
        [
            Write.To(
                NotedGroup.Of(fact.CustomerId),
                group =>
                    group.Is(fact.SurvivorId, fact.Members)
                        ? []
                        : new IGroupEvent[]
                        {
                            new GroupNoted(fact.CustomerId, fact.SurvivorId, fact.Members, about.OccurredAt.ToUniversalTime()),
                        }
            ),
        ];
}
