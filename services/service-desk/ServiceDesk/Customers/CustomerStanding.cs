using System.Collections.Immutable;

namespace CrmPlatform.ServiceDesk.Customers;

public interface IStandingEvent;

/// <summary>Customers has registered them.</summary>
public sealed record CustomerNoted(DateTimeOffset OccurredAt) : IStandingEvent;

/// <param name="Points">The qualifying points with which the customer reached the tier by points; null for any other way.</param>
public sealed record TierNoted(string Tier, DateTimeOffset OccurredAt, long? Points = null) : IStandingEvent;

public sealed record GradeNoted(string Grade, DateTimeOffset OccurredAt) : IStandingEvent;

/// <param name="Member">Whether they are in the segment since; not while they are held out of what is done for it.</param>
public sealed record SegmentNoted(string Segment, bool Member, DateTimeOffset OccurredAt) : IStandingEvent;

/// <summary>
/// The customer was forgotten: their data key is destroyed with this fact, so that no text stored here about them can be decrypted any
/// more.
/// </summary>
public sealed record PersonalDataErased(Guid Person, int KeysDestroyed, DateTimeOffset OccurredAt) : IStandingEvent, IErasesPerson;

/// <summary>A customer's tier, grade and segments, as other rooms report them; they decide how urgent the customer's tickets are.</summary>
public sealed record CustomerStanding(string? Tier, string? Grade, bool Forgotten, bool Known)
    : IAggregate<CustomerStanding, IStandingEvent>
{
    public static CustomerStanding Initial { get; } = new(null, null, Forgotten: false, Known: false);

    public ImmutableHashSet<string> Segments { get; init; } = [];

    public static Stream<CustomerStanding, IStandingEvent> Of(Guid customerId) => new(customerId);

    public CustomerStanding Evolve(IStandingEvent @event) =>
        @event switch
        {
            TierNoted e => this with { Tier = e.Tier, Known = true },
            GradeNoted e => this with { Grade = e.Grade, Known = true },
            SegmentNoted e => this with { Segments = e.Member ? Segments.Add(e.Segment) : Segments.Remove(e.Segment), Known = true },
            PersonalDataErased => this with { Forgotten = true, Known = true },
            _ => this with { Known = true },
        };
}
