using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

public interface ITicketEvent;

/// <summary>The customer's text.</summary>
public sealed record TicketText(string Subject, string? Body);

public sealed record MessageText(string Text);

/// <param name="NextUpdateTarget">Null where no next update is promised, and up to 0.3.</param>
/// <param name="PolicyId">Stored with its version, calendar and targets: a changed policy applies to new tickets only.</param>
public sealed record TicketOpened(
    Guid CustomerId,
    string Kind,
    string Category,
    string? Severity,
    string Priority,
    string Channel,
    string? Source,
    string? Reference,
    string? Tier,
    string PolicyId,
    int PolicyVersion,
    string Calendar,
    TimeSpan FirstResponseTarget,
    TimeSpan ResolutionTarget,
    DateTimeOffset FirstResponseDueAt,
    DateTimeOffset ResolutionDueAt,
    DateTimeOffset OccurredAt,
    Personal<TicketText>? Personal,
    TimeSpan? NextUpdateTarget = null
) : ITicketEvent, IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

public sealed record TicketAssigned(Guid CustomerId, string Agent, DateTimeOffset OccurredAt) : ITicketEvent;

/// <param name="Author">The agent's subject; null for the customer.</param>
/// <param name="Automatic">No person wrote it: it keeps no promise and resumes nothing.</param>
/// <param name="Used">Business time up to the first response; null for other replies, and for those up to 0.2.</param>
/// <param name="NextUpdateUsed">Business time since the customer's message that it answers; null if none had to be answered.</param>
public sealed record TicketReplied(
    Guid CustomerId,
    string By,
    string? Author,
    string Channel,
    bool FirstResponse,
    DateTimeOffset OccurredAt,
    Personal<MessageText>? Personal,
    bool Automatic = false,
    TimeSpan? Used = null,
    TimeSpan? NextUpdateUsed = null
) : ITicketEvent, IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <summary>The customer wrote again and had not been waiting for an answer: they get one by then.</summary>
/// <param name="Number">How many times this was promised on the ticket.</param>
public sealed record NextUpdatePromised(int Number, TimeSpan Target, DateTimeOffset DueAt, DateTimeOffset OccurredAt) : ITicketEvent;

/// <summary>A private note: the customer never sees it, and it does not count as a response.</summary>
public sealed record NoteAdded(Guid CustomerId, string Author, DateTimeOffset OccurredAt, Personal<MessageText>? Personal)
    : ITicketEvent,
        IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <param name="Used">Business time that the resolution clock has used up.</param>
/// <param name="NextUpdateUsed">That of the next update, if one is promised.</param>
public sealed record TicketWaiting(Guid CustomerId, TimeSpan Used, DateTimeOffset OccurredAt, TimeSpan? NextUpdateUsed = null)
    : ITicketEvent;

/// <summary>The customer answered, or an agent ended the waiting: the clocks that had paused continue.</summary>
public sealed record TicketResumed(DateTimeOffset ResolutionDueAt, DateTimeOffset OccurredAt, DateTimeOffset? NextUpdateDueAt = null)
    : ITicketEvent;

/// <param name="MeetsFirstResponse">Up to 0.2 each solution counted as the first response, also if no customer saw it.</param>
/// <param name="DueAt">When the solution was due; null up to 0.2.</param>
public sealed record TicketResolved(
    Guid CustomerId,
    string Outcome,
    string? Cause,
    TimeSpan Used,
    DateTimeOffset OccurredAt,
    bool MeetsFirstResponse = true,
    DateTimeOffset? DueAt = null,
    TimeSpan? NextUpdateUsed = null
) : ITicketEvent;

public sealed record TicketClosed(Guid CustomerId, DateTimeOffset OccurredAt) : ITicketEvent;

public sealed record TicketReopened(
    Guid CustomerId,
    string Reason,
    DateTimeOffset ResolutionDueAt,
    DateTimeOffset OccurredAt,
    DateTimeOffset? NextUpdateDueAt = null
) : ITicketEvent;

/// <param name="OccurredAt">The due instant, not the time at which the due work found it.</param>
public sealed record SlaBreached(Guid CustomerId, string Clock, DateTimeOffset OccurredAt) : ITicketEvent;

public sealed record SatisfactionAnswered(Guid CustomerId, int Score, DateTimeOffset OccurredAt) : ITicketEvent;

public enum TicketStatus
{
    Open,
    Waiting,
    Resolved,
    Closed,
}

/// <summary>A complaint, a request or feedback of one customer, and the two promises about it.</summary>
public sealed record Ticket : IAggregate<Ticket, ITicketEvent>
{
    public static Ticket Initial { get; } = new();

    public static Stream<Ticket, ITicketEvent> Of(Guid id) => new(id);

    public bool Exists { get; private init; }
    public Guid CustomerId { get; private init; }
    public string Kind { get; private init; } = "";
    public TicketStatus Status { get; private init; }
    public string? Agent { get; private init; }
    public string Calendar { get; private init; } = "";
    public SlaClock? FirstResponse { get; private init; }
    public SlaClock? Resolution { get; private init; }

    /// <summary>That of the earliest message of the customer which was not answered when it came; the last one, if all are.</summary>
    public SlaClock? NextUpdate { get; private init; }
    public TimeSpan? NextUpdateTarget { get; private init; }
    public int NextUpdates { get; private init; }
    public DateTimeOffset LastAt { get; private init; }
    public DateTimeOffset? ResolvedAt { get; private init; }
    public bool SatisfactionAnswered { get; private init; }

    public Ticket Evolve(ITicketEvent @event) =>
        @event switch
        {
            TicketOpened e => this with
            {
                Exists = true,
                CustomerId = e.CustomerId,
                Kind = e.Kind,
                Calendar = e.Calendar,
                LastAt = e.OccurredAt,
                FirstResponse = SlaClock.Started(e.FirstResponseTarget, e.OccurredAt, e.FirstResponseDueAt),
                Resolution = SlaClock.Started(e.ResolutionTarget, e.OccurredAt, e.ResolutionDueAt),
                NextUpdateTarget = e.NextUpdateTarget,
            },
            NextUpdatePromised e => this with { NextUpdate = SlaClock.Started(e.Target, e.OccurredAt, e.DueAt), NextUpdates = e.Number },
            TicketAssigned e => this with { Agent = e.Agent, LastAt = e.OccurredAt },
            TicketReplied e => this with
            {
                FirstResponse = e.FirstResponse ? FirstResponse?.Met(e.OccurredAt) : FirstResponse,
                NextUpdate = e.NextUpdateUsed is { } used ? NextUpdate?.Stopped(used).Met(e.OccurredAt) : NextUpdate,
                LastAt = e.OccurredAt,
            },
            NoteAdded e => this with { LastAt = e.OccurredAt },
            TicketWaiting e => this with
            {
                Status = TicketStatus.Waiting,
                Resolution = Resolution?.Stopped(e.Used),
                NextUpdate = e.NextUpdateUsed is { } used ? NextUpdate?.Stopped(used) : NextUpdate,
                LastAt = e.OccurredAt,
            },
            TicketResumed e => this with
            {
                Status = TicketStatus.Open,
                Resolution = Resolution?.Resumed(e.OccurredAt, e.ResolutionDueAt),
                NextUpdate = e.NextUpdateDueAt is { } due ? NextUpdate?.Resumed(e.OccurredAt, due) : NextUpdate,
                LastAt = e.OccurredAt,
            },
            TicketResolved e => this with
            {
                Status = TicketStatus.Resolved,
                FirstResponse = e.MeetsFirstResponse ? FirstResponse?.Met(e.OccurredAt) : FirstResponse,
                Resolution = Resolution?.Stopped(e.Used),
                NextUpdate = e.NextUpdateUsed is { } used ? NextUpdate?.Stopped(used) : NextUpdate,
                ResolvedAt = e.OccurredAt,
                LastAt = e.OccurredAt,
            },
            TicketClosed e => this with { Status = TicketStatus.Closed, LastAt = e.OccurredAt },
            TicketReopened e => this with
            {
                Status = TicketStatus.Open,
                Resolution = Resolution?.Resumed(e.OccurredAt, e.ResolutionDueAt),
                NextUpdate = e.NextUpdateDueAt is { } due ? NextUpdate?.Resumed(e.OccurredAt, due) : NextUpdate,
                ResolvedAt = null,
                SatisfactionAnswered = false,
                LastAt = e.OccurredAt,
            },
            SlaBreached { Clock: Promises.FirstResponse } => this with { FirstResponse = FirstResponse! with { Breached = true } },
            SlaBreached { Clock: Promises.NextUpdate } => this with { NextUpdate = NextUpdate! with { Breached = true } },
            SlaBreached => this with { Resolution = Resolution! with { Breached = true } },
            SatisfactionAnswered e => this with { SatisfactionAnswered = true, LastAt = e.OccurredAt },
            _ => this,
        };

    /// <summary>The promises that were broken before an instant and not recorded yet, dated at their due instants.</summary>
    public IEnumerable<ITicketEvent> BrokenBefore(DateTimeOffset instant)
    {
        (string Name, SlaClock? Clock)[] clocks =
        [
            (Promises.FirstResponse, FirstResponse),
            (Promises.NextUpdate, NextUpdate),
            (Promises.Resolution, Resolution),
        ];
        return clocks
            .Where(c => c.Clock?.IsBroken(instant) == true)
            .OrderBy(c => c.Clock!.DueAt)
            .Select(c => new SlaBreached(CustomerId, c.Name, c.Clock!.DueAt!.Value));
    }

    /// <summary>The clock of a customer's message that is not answered yet; null if there is none.</summary>
    public SlaClock? OpenNextUpdate => NextUpdate is { MetAt: null } ? NextUpdate : null;

    /// <exception cref="RuleViolationException">The ticket is closed; it must be reopened first.</exception>
    public Ticket Workable() =>
        Status == TicketStatus.Closed ? throw new RuleViolationException("ticket-closed", "The ticket is closed; reopen it first.") : this;
}
