using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>
/// The customer accepts or rejects the proposal about their complaint. An answer in time counts also if it is told after the lapse.
/// </summary>
/// <param name="Answer"><c>accepted</c> or <c>rejected</c>.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record AnswerProposal(
    [property: Required, OneOf(ProposalAnswered.Accepted, ProposalAnswered.Rejected)] string Answer,
    DateTimeOffset? OccurredAt = null
)
{
    public ITicketEvent[] Decide(Ticket ticket, DateTimeOffset at)
    {
        var inTime = ticket.Complaint is { Stage: ComplaintStage.Unanswered, Proposal.Until: var until } && at <= until;
        var complaint = ticket.At(inTime ? ComplaintStep.AnswerAfterLapse : ComplaintStep.Answer);
        return [new ProposalAnswered(ticket.CustomerId, complaint.Rounds, Answer, at)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/answer-proposal",
                "Record the customer's answer to a proposal",
                "service-desk.customer",
                (Guid id, AnswerProposal command, Request request, EventStore store) =>
                    store.Decide(request, id, command.OccurredAt, command.Decide)
            )
            .Refuses(Desk.Moments)
            .Refuses("not-a-complaint", "ticket-closed", "ticket-resolved", "already-decided", "no-proposal", "proposal-answered");
}
