using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

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
