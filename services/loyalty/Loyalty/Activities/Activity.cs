using System.Collections.Immutable;

namespace CrmPlatform.Loyalty.Activities;

public interface IActivityEvent;

/// <summary>A fact about one member: part of what is held about them.</summary>
public interface IMemberEvent : IActivityEvent
{
    Guid CustomerId { get; }
}

/// <summary>What the company says of an activity.</summary>
/// <param name="Titles">By language: <c>zh-CN</c>, <c>en</c>.</param>
/// <param name="SignUpFrom">Members sign up from here until before <paramref name="SignUpUntil"/>.</param>
/// <param name="MinimumTier">Null: open to all tiers.</param>
/// <param name="AttendancePoints">For being there.</param>
public sealed record ActivityTerms(
    IReadOnlyDictionary<string, string> Titles,
    string Place,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    int Capacity,
    DateTimeOffset SignUpFrom,
    DateTimeOffset SignUpUntil,
    string? MinimumTier,
    long AttendancePoints
);

public sealed record ActivityPlanned(ActivityTerms Terms, DateTimeOffset OccurredAt) : IActivityEvent;

public sealed record ActivityRevised(ActivityTerms Terms, DateTimeOffset OccurredAt) : IActivityEvent;

/// <param name="Reason">A code.</param>
public sealed record ActivityCancelled(string Reason, DateTimeOffset OccurredAt) : IActivityEvent;

public sealed record MemberJoined(Guid CustomerId, DateTimeOffset StartsAt, DateTimeOffset OccurredAt) : IMemberEvent;

/// <summary>All places are taken: first come, first served.</summary>
public sealed record MemberQueued(Guid CustomerId, DateTimeOffset OccurredAt) : IMemberEvent;

/// <summary>A place became free, and this member was the first of the waiting list.</summary>
public sealed record MemberMovedUp(Guid CustomerId, DateTimeOffset StartsAt, DateTimeOffset OccurredAt) : IMemberEvent;

public sealed record MemberWithdrew(Guid CustomerId, DateTimeOffset OccurredAt) : IMemberEvent;

public sealed record MemberAttended(Guid CustomerId, long Points, DateTimeOffset OccurredAt) : IMemberEvent;

/// <summary>The member was forgotten: no list shows them any more.</summary>
public sealed record MemberRemoved(Guid CustomerId, DateTimeOffset OccurredAt) : IMemberEvent;

/// <summary>A member activity: who has a place, who waits for one, who was there.</summary>
public sealed record Activity : IAggregate<Activity, IActivityEvent>
{
    public static Activity Initial { get; } = new();

    public static Stream<Activity, IActivityEvent> Of(Guid id) => new(id);

    public ActivityTerms? Terms { get; init; }
    public bool IsCancelled { get; init; }
    public ImmutableHashSet<Guid> Joined { get; init; } = [];

    /// <summary>In the order in which they came.</summary>
    public ImmutableList<Guid> Waiting { get; init; } = [];
    public ImmutableHashSet<Guid> Attended { get; init; } = [];

    /// <summary>Everybody whom the activity's facts name, whatever became of them.</summary>
    public ImmutableHashSet<Guid> Named { get; init; } = [];

    public Activity After(IEnumerable<IActivityEvent> events) => events.Aggregate(this, (activity, e) => activity.Evolve(e));

    public Activity Evolve(IActivityEvent @event) =>
        @event switch
        {
            ActivityPlanned e => this with { Terms = e.Terms },
            ActivityRevised e => this with { Terms = e.Terms },
            ActivityCancelled => this with { IsCancelled = true, Waiting = [] },
            MemberJoined e => this with { Joined = Joined.Add(e.CustomerId), Named = Named.Add(e.CustomerId) },
            MemberQueued e => this with { Waiting = Waiting.Add(e.CustomerId), Named = Named.Add(e.CustomerId) },
            MemberMovedUp e => this with { Joined = Joined.Add(e.CustomerId), Waiting = Waiting.Remove(e.CustomerId) },
            MemberWithdrew e => this with { Joined = Joined.Remove(e.CustomerId), Waiting = Waiting.Remove(e.CustomerId) },
            MemberAttended e => this with { Attended = Attended.Add(e.CustomerId) },
            MemberRemoved e => this with
            {
                Joined = Joined.Remove(e.CustomerId),
                Waiting = Waiting.Remove(e.CustomerId),
                Attended = Attended.Remove(e.CustomerId),
                Named = Named.Remove(e.CustomerId),
            },
            _ => this,
        };

    /// <summary>The activity is there, and its terms.</summary>
    /// <exception cref="NotFoundException">It was never planned.</exception>
    public ActivityTerms Known(Guid id) => Terms ?? throw new NotFoundException("activity", id);

    /// <summary>Whoever waits longest takes a place that is free, as many as there are; after the beginning nobody moves up.</summary>
    public IActivityEvent[] FillPlaces(DateTimeOffset now) =>
        IsCancelled || Terms is not { } terms || now >= terms.StartsAt
            ? []
            :
            [
                .. Waiting
                    .Take(Math.Max(0, terms.Capacity - Joined.Count))
                    .Select(member => new MemberMovedUp(member, terms.StartsAt, now)),
            ];
}
