using System.Collections.Immutable;
using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

public enum TicketStatus
{
    Open,
    Waiting,
    Resolved,
    Closed,
}

/// <summary>A complaint, a request or feedback of one customer, and the promises about it.</summary>
public sealed record Ticket : IAggregate<Ticket, ITicketEvent>
{
    public static Ticket Initial { get; } = new();

    public static Stream<Ticket, ITicketEvent> Of(Guid id) => new(id);

    public bool Exists { get; private init; }
    public Guid CustomerId { get; private init; }
    public string Kind { get; private init; } = "";
    public string Priority { get; private init; } = "";

    /// <summary>By how many steps the priority was raised for this customer.</summary>
    public int Raise { get; private init; }

    /// <summary>Null of a request or feedback.</summary>
    public Complaint? Complaint { get; private init; }
    public TicketStatus Status { get; private init; }
    public string? Agent { get; private init; }

    /// <summary>The policy by which its promises are made.</summary>
    public PolicyPin Policy { get; private init; } = new("", 0, 0, "");
    public ImmutableHashSet<string> UpgradedTo { get; private init; } = [];
    public string Calendar => Policy.Calendar;
    public SlaClock? FirstResponse { get; private init; }

    /// <summary>Of a complaint; null where none is promised.</summary>
    public SlaClock? Acknowledgement { get; private init; }
    public bool IsAcknowledged { get; private init; }
    public SlaClock? Resolution { get; private init; }

    /// <summary>That of the earliest message of the customer which was not answered when it came; the last one, if all are.</summary>
    public SlaClock? NextUpdate { get; private init; }
    public TimeSpan? NextUpdateTarget { get; private init; }
    public int NextUpdates { get; private init; }

    /// <summary>The steps of escalation of the policy when the ticket was opened.</summary>
    public IReadOnlyList<EscalationStep> Ladder { get; private init; } = [];

    /// <summary>Steps that are taken at their instants if their clocks still run then.</summary>
    public ImmutableList<PlannedStep> Planned { get; private init; } = [];
    public ImmutableHashSet<(string Clock, int Number, int Step)> Taken { get; private init; } = [];
    public DateTimeOffset LastAt { get; private init; }
    public DateTimeOffset? ResolvedAt { get; private init; }
    public bool SatisfactionAnswered { get; private init; }

    /// <summary>The invitation to a survey in which the solution was rated; null if it was not, or without a survey.</summary>
    public Guid? RatedBy { get; private init; }

    public Ticket Evolve(ITicketEvent @event) =>
        @event switch
        {
            TicketOpened e => this with
            {
                Exists = true,
                CustomerId = e.CustomerId,
                Kind = e.Kind,
                Priority = e.Priority,
                Raise = Priorities.Raise(e.Priority, e.Kind, e.Severity),
                Complaint = e.Kind == "complaint" ? Complaint.Opened(e) : null,
                Ladder = e.Ladder ?? [],
                Policy = new(e.PolicyId, e.PolicyVersion, e.Rules, e.Calendar),
                LastAt = e.OccurredAt,
                FirstResponse = SlaClock.Started(e.FirstResponseTarget, e.OccurredAt, e.FirstResponseDueAt),
                Resolution = SlaClock.Started(e.ResolutionTarget, e.OccurredAt, e.ResolutionDueAt),
                NextUpdateTarget = e.NextUpdateTarget,
                Acknowledgement = e is { AcknowledgementTarget: { } target, AcknowledgementDueAt: { } due }
                    ? SlaClock.Started(target, e.OccurredAt, due)
                    : null,
            },
            IPolicyChanged e => e.Dues.Aggregate(
                this with
                {
                    Policy = e.To,
                    NextUpdateTarget = e.NextUpdateTarget,
                    UpgradedTo = e is PolicyUpgraded ? UpgradedTo.Add(e.To.Id) : UpgradedTo,
                },
                (ticket, due) => ticket.With(due.Clock, due.Of)
            ),
            ComplaintAcknowledged e => this with
            {
                Acknowledgement = Acknowledgement?.Met(e.OccurredAt),
                IsAcknowledged = true,
                LastAt = e.OccurredAt,
            },
            // It came about by time alone: what happened before it may still be told.
            ProposalAnswered { Answer: ProposalAnswered.NoAnswer } e => this with { Complaint = Complaint!.Evolve(e) },
            IComplaintEvent e => this with
            {
                Complaint = Complaint!.Evolve(e),
                Priority = e is ComplaintAssessed { Priority: var priority } ? priority : Priority,
                LastAt = e.OccurredAt,
            },
            NextUpdatePromised e => this with { NextUpdate = SlaClock.Started(e.Target, e.OccurredAt, e.DueAt), NextUpdates = e.Number },
            TicketAssigned e => this with { Agent = e.Agent, LastAt = e.OccurredAt },
            TicketReplied e => this with
            {
                FirstResponse = e.FirstResponse ? FirstResponse?.Met(e.OccurredAt) : FirstResponse,
                NextUpdate = e.NextUpdateUsed is { } used ? NextUpdate?.Stopped(used).Met(e.OccurredAt) : NextUpdate,
                Acknowledgement = e.AcknowledgementUsed is null ? Acknowledgement : Acknowledgement?.Met(e.OccurredAt),
                IsAcknowledged = IsAcknowledged || e is { By: "agent", Automatic: false },
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
                RatedBy = null,
                Complaint = Complaint?.Evolve(e),
                LastAt = e.OccurredAt,
            },
            SlaBreached e => With(e.Clock, clock => clock with { Breached = true }),
            BreachExcused e when e.Clock != Promises.NextUpdate || e.Number == NextUpdates => With(e.Clock, e.Of),
            EscalationPlanned e => this with
            {
                Planned = [.. Planned.Where(p => !e.Steps.Any(s => (s.Clock, s.Number) == (p.Clock, p.Number))), .. e.Steps],
            },
            Escalated e => this with
            {
                Planned = Planned.RemoveAll(p => (p.Clock, p.Number, p.Step) == (e.Clock, e.Number, e.Step)),
                Taken = Taken.Add((e.Clock, e.Number, e.Step)),
            },
            SatisfactionAnswered e => this with { SatisfactionAnswered = true, RatedBy = e.Invitation, LastAt = e.OccurredAt },
            _ => this,
        };

    Ticket With(string clock, Func<SlaClock, SlaClock> change) =>
        clock switch
        {
            Promises.FirstResponse => this with { FirstResponse = change(FirstResponse!) },
            Promises.NextUpdate => this with { NextUpdate = change(NextUpdate!) },
            Promises.Acknowledgement => this with { Acknowledgement = change(Acknowledgement!) },
            _ => this with { Resolution = change(Resolution!) },
        };

    /// <summary>Not solved: open, or waiting for the customer.</summary>
    public bool IsOpen => Exists && Status is (TicketStatus.Open or TicketStatus.Waiting);

    /// <summary>The clocks of what is promised, in the order in which facts of one instant are recorded.</summary>
    public IEnumerable<(string Name, int Number, SlaClock Clock)> Clocks =>
        new[]
        {
            (Promises.Acknowledgement, 1, Acknowledgement),
            (Promises.FirstResponse, 1, FirstResponse),
            (Promises.NextUpdate, NextUpdates, NextUpdate),
            (Promises.Resolution, 1, Resolution),
        }
            .Where(c => c.Item3 is not null)
            .Select(c => (c.Item1, c.Item2, c.Item3!));

    public SlaClock? Running(string name) => Clocks.FirstOrDefault(c => c.Name == name && c.Clock.RunsSince is not null).Clock;

    /// <summary>The clock of a customer's message that is not answered yet; null if there is none.</summary>
    public SlaClock? OpenNextUpdate => NextUpdate is { MetAt: null } ? NextUpdate : null;

    /// <summary>The clock of a complaint that is not acknowledged yet; null if there is none.</summary>
    public SlaClock? OpenAcknowledgement => Acknowledgement is { MetAt: null } ? Acknowledgement : null;
}
