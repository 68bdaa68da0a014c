namespace CrmPlatform.ServiceDesk.Loops;

public interface ILoopEvent
{
    DateTimeOffset OccurredAt { get; }
}

/// <summary>A customer was let down and is to be spoken with.</summary>
/// <param name="Reason"><c>csat</c>, <c>nps</c>, <c>ces</c> or <c>proposal-rejected</c>.</param>
/// <param name="Score">What they answered; null of a proposal.</param>
/// <param name="TicketId">The ticket that it is about; null if there is none.</param>
/// <param name="Owner">Subject of who had the ticket; null if nobody had.</param>
/// <param name="DueAt">By when somebody is to speak with them.</param>
/// <param name="OccurredAt">When the customer answered.</param>
public sealed record LoopOpened(
    Guid CustomerId,
    string Reason,
    int? Score,
    Guid? TicketId,
    string? Owner,
    DateTimeOffset DueAt,
    DateTimeOffset OccurredAt
) : ILoopEvent;

public sealed record LoopAssigned(string Owner, DateTimeOffset OccurredAt) : ILoopEvent;

/// <summary>Nobody spoke with the customer in time: dated when it was due, however late it is found.</summary>
public sealed record LoopOverdue(Guid CustomerId, string? Owner, DateTimeOffset OccurredAt) : ILoopEvent;

/// <param name="Used">Business time since it was opened.</param>
public sealed record LoopContacted(string Channel, string By, TimeSpan Used, DateTimeOffset OccurredAt) : ILoopEvent;

/// <param name="Outcome"><c>solved</c>, <c>explained</c>, <c>compensated</c>, <c>no-answer</c> or <c>not-wanted</c>.</param>
/// <param name="Used">Business time since it was opened.</param>
public sealed record LoopClosed(Guid CustomerId, string Outcome, string By, TimeSpan Used, DateTimeOffset OccurredAt) : ILoopEvent;

/// <summary>The customer was forgotten: nobody speaks with them any more.</summary>
public sealed record LoopEnded(DateTimeOffset OccurredAt) : ILoopEvent;

/// <summary>A closed loop 跟进: one for each answer that says that a customer was let down.</summary>
public sealed record Loop : IAggregate<Loop, ILoopEvent>
{
    public static Loop Initial { get; } = new();

    public static Stream<Loop, ILoopEvent> Of(Guid id) => new(id);

    /// <param name="answer">Id of the event that is the answer.</param>
    public static Guid IdOf(Guid answer) => NameId.For("loop", answer.ToString());

    public LoopOpened? Opened { get; private init; }
    public string? Owner { get; private init; }
    public bool Contacted { get; private init; }
    public bool Overdue { get; private init; }
    public bool Closed { get; private init; }
    public DateTimeOffset LastAt { get; private init; }

    public Loop Evolve(ILoopEvent @event) =>
        (
            @event switch
            {
                LoopOpened e => this with { Opened = e, Owner = e.Owner },
                LoopAssigned e => this with { Owner = e.Owner },
                LoopContacted => this with { Contacted = true },
                LoopOverdue => this with { Overdue = true },
                LoopClosed or LoopEnded => this with { Closed = true },
                _ => this,
            }
        ) with
        {
            // Who spoke with the customer in time may say so after it was due.
            LastAt = @event is LoopOverdue ? LastAt : @event.OccurredAt,
        };

    /// <summary>What came about before an instant by time alone and is not recorded yet.</summary>
    public IEnumerable<ILoopEvent> DueBefore(DateTimeOffset at) =>
        Opened is { } o && !Contacted && !Closed && !Overdue && o.DueAt < at ? [new LoopOverdue(o.CustomerId, Owner, o.DueAt)] : [];

    /// <exception cref="NotFoundException">There is no such loop.</exception>
    /// <exception cref="RuleViolationException">It is closed.</exception>
    public LoopOpened Workable(Guid id) =>
        Opened is null ? throw new NotFoundException("loop", id)
        : Closed ? throw new RuleViolationException("loop-closed", "The loop is closed.")
        : Opened;

    /// <summary>Now, or what was told: not in the future and not before the loop's last event.</summary>
    public DateTimeOffset Moment(DateTimeOffset? occurredAt, DateTimeOffset now)
    {
        var at = Clocks.Told(occurredAt, now);
        if (occurredAt is null)
            return at > LastAt ? at : LastAt;
        return at >= LastAt
            ? at
            : throw new RuleViolationException(
                "before-last-event",
                $"occurredAt is before the loop's last event, {LastAt:O}.",
                "occurredAt"
            );
    }
}
