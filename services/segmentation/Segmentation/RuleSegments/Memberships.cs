using System.Collections.Immutable;
using CrmPlatform.Segmentation.Facts;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>A change of a customer's memberships in rule segments.</summary>
public interface IMembershipEvent
{
    Guid CustomerId { get; }
    string Code { get; }
    int Version { get; }
    string Cause { get; }
    string Reason { get; }
    DateTimeOffset OccurredAt { get; }
}

/// <param name="Cause"><c>definition</c>, <c>facts</c>, <c>time</c>, <c>pinned</c> or <c>group</c>.</param>
/// <param name="Reason">The conditions that decided, in codes and numbers.</param>
/// <param name="Held">The customer is in the share that is not to be treated.</param>
public sealed record RuleSegmentEntered(
    Guid CustomerId,
    string Code,
    int Version,
    string Cause,
    string Reason,
    bool Held,
    DateTimeOffset OccurredAt
) : IMembershipEvent;

/// <inheritdoc cref="RuleSegmentEntered"/>
public sealed record RuleSegmentLeft(Guid CustomerId, string Code, int Version, string Cause, string Reason, DateTimeOffset OccurredAt)
    : IMembershipEvent;

/// <summary>Which rule segments a customer entered and left, and when.</summary>
public sealed record Memberships(ImmutableArray<MembershipChange> Changes) : IAggregate<Memberships, IMembershipEvent>
{
    public static Memberships Initial { get; } = new(ImmutableArray<MembershipChange>.Empty);

    public static Stream<Memberships, IMembershipEvent> Of(Guid customerId) => new(NameId.For("segment-membership", customerId.ToString()));

    public Memberships Evolve(IMembershipEvent @event) => new(Changes.Add(ChangeOf(@event)));

    public static MembershipChange ChangeOf(IMembershipEvent e) => new(e.Code, e.Version, e is RuleSegmentEntered, e.OccurredAt);

    /// <summary>What the facts of a customer mean for all segments, until an instant, and was not recorded yet.</summary>
    /// <param name="facts">Of the customer with all who are one with them. Their memberships are replaced by those of the stream.</param>
    public IMembershipEvent[] Judge(CustomerFacts facts, IReadOnlyList<LiveSegment> segments, long until)
    {
        MemberFacts.Set(facts, Changes);
        var recorded = new List<IMembershipEvent>();
        foreach (var segment in segments)
        foreach (var change in segment.Changes(facts, Standing.Of(facts, segment.Key), until).ToList())
        {
            recorded.Add(Event(facts, change));
            MemberFacts.Add(facts, ChangeOf(recorded[^1]));
        }
        return [.. recorded.OrderBy(e => e.OccurredAt)];
    }

    /// <summary>Whoever is one with others is a member under the survivor's id only.</summary>
    public IMembershipEvent[] Leave(Guid customer, DateTimeOffset at) =>
        [
            .. Changes
                .GroupBy(c => c.Code)
                .Select(c => c.Last())
                .Where(c => c.In)
                .Select(c => new RuleSegmentLeft(customer, c.Code, c.Version, "group", "merged", at > c.At ? at : c.At)),
        ];

    static IMembershipEvent Event(CustomerFacts facts, Change change)
    {
        var (segment, era, at) = (change.Segment, change.Era, Instant.Shown(change.At)!.Value);
        var reason = Reasons.Of(facts, change);
        return change.In
            ? new RuleSegmentEntered(
                facts.CustomerId,
                segment.Code,
                era.Version,
                change.Cause,
                reason,
                segment.Holdout?.Holds(facts.CustomerId) ?? false,
                at
            )
            : new RuleSegmentLeft(facts.CustomerId, segment.Code, era.Version, change.Cause, reason, at);
    }
}
