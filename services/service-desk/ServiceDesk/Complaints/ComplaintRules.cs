using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>What may be done about a complaint.</summary>
public enum ComplaintStep
{
    Assess,
    Investigate,
    NoteFinding,
    Propose,
    Answer,
    AnswerAfterLapse,
    Decide,
    Withdraw,
}

/// <summary>Which step is taken at which stage, and by whom.</summary>
public static class ComplaintRules
{
    /// <summary>How many proposals a customer may reject; after that it is decided.</summary>
    public const int MostRounds = 2;

    /// <exception cref="RuleViolationException">The ticket is a request or feedback.</exception>
    public static Ticket Complained(this Ticket ticket) =>
        ticket.Kind == "complaint"
            ? ticket
            : throw new RuleViolationException("not-a-complaint", $"The ticket is a {ticket.Kind}, not a complaint.");

    /// <exception cref="RuleViolationException">It is no complaint, or no authority has it.</exception>
    public static ExternalCase OpenExternalCase(this Ticket ticket) =>
        ticket.Complained().Complaint!.ExternalCases is [.., { EndedAt: null } open]
            ? open
            : throw new RuleViolationException("no-external-case", "The complaint is at no authority: POST escalate-outside first.");

    /// <summary>The complaint, if a step may be taken.</summary>
    /// <exception cref="RuleViolationException">It is no complaint, is closed or solved, or is not at a stage of the step.</exception>
    public static Complaint At(this Ticket ticket, ComplaintStep step) =>
        ticket.Complained().Workable().Status == TicketStatus.Resolved
            ? throw new RuleViolationException("ticket-resolved", "The complaint is solved; reopen it first.")
            : Checked(ticket.Complaint!, step);

    static Complaint Checked(Complaint complaint, ComplaintStep step) =>
        (complaint.Stage, step) switch
        {
            (ComplaintStage.Decided, _) => throw new RuleViolationException("already-decided", "The complaint is decided."),
            (_, ComplaintStep.Withdraw) => complaint,
            (ComplaintStage.Proposed, ComplaintStep.Answer) => complaint,
            (ComplaintStage.Unanswered, ComplaintStep.AnswerAfterLapse) => complaint,
            (ComplaintStage.Received or ComplaintStage.Assessed or ComplaintStage.Investigating, ComplaintStep.Answer) =>
                throw new RuleViolationException("no-proposal", "No proposal was made that could be answered."),
            (_, ComplaintStep.Answer) => throw new RuleViolationException(
                "proposal-answered",
                "The proposal was answered, or has lapsed without an answer."
            ),
            (ComplaintStage.Proposed, _) => throw new RuleViolationException(
                "proposal-open",
                $"A proposal waits for the customer's answer until {complaint.Proposal!.Until:O}."
            ),
            (_, ComplaintStep.Assess) when complaint.Stage != ComplaintStage.Accepted => complaint,
            (ComplaintStage.Received, _) => throw new RuleViolationException("not-assessed", "The complaint must be assessed first."),
            (_, ComplaintStep.Decide) => complaint,
            (ComplaintStage.Accepted, _) => throw new RuleViolationException(
                "proposal-accepted",
                "The customer accepted the proposal: decide the complaint."
            ),
            (not ComplaintStage.Investigating, ComplaintStep.NoteFinding or ComplaintStep.Propose) => throw new RuleViolationException(
                "not-investigating",
                "Nobody investigates the complaint: open an investigation first."
            ),
            (ComplaintStage.Rejected or ComplaintStage.Unanswered, ComplaintStep.Investigate)
            or (_, ComplaintStep.Propose) when complaint.Rounds >= MostRounds => throw new RuleViolationException(
                "rounds-over",
                $"{MostRounds} proposals were made: decide the complaint."
            ),
            _ => complaint,
        };
}
