namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>
/// Segments decide the policy first. Who is held out of a segment is a member who is not to be treated: here they are none.
/// </summary>
public sealed class OnSegmentEntered : IReaction<Contracts.SegmentEntered>
{
    public IEnumerable<Write> React(Contracts.SegmentEntered fact, FactContext about) =>
        [Note(fact.CustomerId, fact.Segment, !fact.Held, fact.OccurredAt)];

    internal static Write Note(Guid customerId, string segment, bool member, DateTimeOffset at) =>
        Write.To(
            CustomerStanding.Of(customerId),
            standing =>
                standing.Forgotten || standing.Segments.Contains(segment) == member
                    ? []
                    : new IStandingEvent[] { new SegmentNoted(segment, member, at.ToUniversalTime()) }
        );
}

public sealed class OnSegmentLeft : IReaction<Contracts.SegmentLeft>
{
    public IEnumerable<Write> React(Contracts.SegmentLeft fact, FactContext about) =>
        [OnSegmentEntered.Note(fact.CustomerId, fact.Segment, member: false, fact.OccurredAt)];
}
