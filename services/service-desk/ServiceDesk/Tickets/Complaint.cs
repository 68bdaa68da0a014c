using System.Collections.Immutable;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>How far a complaint has come.</summary>
public enum ComplaintStage
{
    Received,
    Assessed,
    Investigating,

    /// <summary>A proposal waits for the customer's answer.</summary>
    Proposed,
    Accepted,
    Rejected,

    /// <summary>The proposal lapsed.</summary>
    Unanswered,
    Decided,
}

/// <summary>The part of a ticket that only a complaint has.</summary>
public sealed record Complaint
{
    public ComplaintStage Stage { get; private init; }
    public string? Severity { get; private init; }
    public bool Safety { get; private init; }

    /// <summary>Subject of who last said whether safety is at stake.</summary>
    public string? AssessedBy { get; private init; }
    public string? Scope { get; private init; }

    /// <summary>Subject of the agent whom it is about: they neither see nor handle it. Null if it is about none.</summary>
    public string? AboutAgent { get; private init; }

    /// <summary>Subject of who investigates.</summary>
    public string? Owner { get; private init; }

    /// <summary>How many proposals were made.</summary>
    public int Rounds { get; private init; }

    /// <summary>The last one.</summary>
    public ProposalMade? Proposal { get; private init; }

    /// <summary>Whose proposals the customer rejected: somebody else decides.</summary>
    public ImmutableHashSet<string> RejectedOf { get; private init; } = [];
    public string? Cause { get; private init; }

    /// <summary>What the customer was given: kinds of compensation, once each.</summary>
    public ImmutableHashSet<string> Compensated { get; private init; } = [];

    /// <summary>Whether a corrective action answers it.</summary>
    public bool HasAction { get; private init; }

    /// <summary>A complaint that was opened before it had to be decided, or in another help desk, is solved without.</summary>
    public bool NeedsDecision { get; private init; }

    /// <summary>What the customer took outside, the first one first; only the last can be open.</summary>
    public ImmutableList<ExternalCase> ExternalCases { get; private init; } = [];

    public static Complaint Opened(TicketOpened e) =>
        new()
        {
            Severity = e.Severity,
            NeedsDecision = e.NeedsDecision,
            AboutAgent = e.AboutAgent,
        };

    public Complaint Evolve(ITicketEvent fact) =>
        fact switch
        {
            EscalatedOutside e => this with { ExternalCases = ExternalCases.Add(ExternalCase.Of(e)) },
            ExternalCaseAccepted or ExternalCaseEnded => this with { ExternalCases = Outside((IComplaintEvent)fact) },
            ComplaintAssessed e => this with
            {
                Stage = Stage == ComplaintStage.Received ? ComplaintStage.Assessed : Stage,
                Severity = e.Severity,
                Safety = e.Safety,
                AssessedBy = e.By,
                Scope = e.Scope,
                AboutAgent = e.AboutAgent ?? AboutAgent,
            },
            InvestigationOpened e => this with { Stage = ComplaintStage.Investigating, Owner = e.Owner },
            ProposalMade e => this with { Stage = ComplaintStage.Proposed, Proposal = e, Rounds = e.Round },
            ProposalAnswered { Answer: ProposalAnswered.Accepted } => this with { Stage = ComplaintStage.Accepted },
            ProposalAnswered { Answer: ProposalAnswered.Rejected } => this with
            {
                Stage = ComplaintStage.Rejected,
                RejectedOf = RejectedOf.Add(Proposal!.By),
            },
            ProposalAnswered => this with { Stage = ComplaintStage.Unanswered },
            ComplaintDecided e => this with { Stage = ComplaintStage.Decided, Cause = e.Cause, ExternalCases = Outside(e) },
            CompensationGranted e => this with { Compensated = Compensated.Add(e.Kind) },
            CorrectiveActionNamed => this with { HasAction = true },
            // What was decided did not hold: it is looked into again.
            TicketReopened when Stage == ComplaintStage.Decided => this with { Stage = ComplaintStage.Investigating, Cause = null },
            _ => this,
        };

    ImmutableList<ExternalCase> Outside(IComplaintEvent fact) => [.. ExternalCases.Select(c => c.Evolve(fact))];

    /// <summary>The proposal that waits for an answer; null if none does.</summary>
    public ProposalMade? Open => Stage == ComplaintStage.Proposed ? Proposal : null;
}
