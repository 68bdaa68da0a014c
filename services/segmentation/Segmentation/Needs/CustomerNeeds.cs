using System.Collections.Immutable;
using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>What runs inferred of a customer's needs, and what others were told. What the customer said is in their own stream.</summary>
public sealed record CustomerNeeds : IAggregate<CustomerNeeds, INeedEvent>
{
    public static CustomerNeeds Initial { get; } = new();

    public static Stream<CustomerNeeds, INeedEvent> Of(Guid customerId) => new(NameId.For("customer-needs", customerId.ToString()));

    public ImmutableSortedDictionary<string, NeedInferred> Inferred { get; private init; } =
        ImmutableSortedDictionary.Create<string, NeedInferred>(StringComparer.Ordinal);

    public ImmutableArray<StandingNeed> Told { get; private init; } = [];

    /// <summary>When anything was last recorded.</summary>
    public DateTimeOffset At { get; private init; }

    public CustomerNeeds Evolve(INeedEvent @event) =>
        (
            @event switch
            {
                NeedInferred e => this with { Inferred = Inferred.SetItem(e.Code, e) },
                NeedGone e => this with { Inferred = Inferred.Remove(e.Code) },
                NeedsChanged e => this with { Told = [.. e.Needs] },
                _ => this,
            }
        ) with
        {
            At = @event.OccurredAt,
        };

    /// <summary>
    /// Decides about who is judged under an id, with all who are one with them; of who has been forgotten nothing more is recorded.
    /// </summary>
    /// <param name="others">Who is judged under that id besides, as a view knows them: the streams decide.</param>
    public static Write About(Guid survivor, IReadOnlyList<Guid> others, Action<NeedDecision> decide) =>
        Write.To(
            Of(survivor),
            [CustomerValue.Of(survivor), .. others.Select(CustomerValue.Of)],
            (needs, customers) =>
            {
                var decision = NeedDecision.About(survivor, needs.State, [.. customers.Select(c => (c.Id, c.State))]);
                if (decision is null)
                    return;
                decide(decision);
                needs.Append(decision.Facts);
            }
        );
}
