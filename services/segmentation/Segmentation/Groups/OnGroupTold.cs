using CrmPlatform.Contracts;
using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Groups;

/// <summary>A merge or an unmerge says of each customer under whose id they are shown, and so judged.</summary>
public sealed class OnGroupTold<TFact>(Yardsticks yardsticks) : IReaction<TFact>
    where TFact : IGroupChange
{
    public IEnumerable<Write> React(TFact fact, FactContext about) =>
        [
            Write.To(
                CustomerValue.Of(fact.CustomerId),
                customer =>
                    new NoteGroup(fact.CustomerId, fact.SurvivorId, about.OccurredAt.ToUniversalTime()).Decide(
                        customer,
                        yardsticks.Current.Run
                    )
            ),
        ];
}
