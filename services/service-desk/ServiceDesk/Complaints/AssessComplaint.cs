using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>
/// Says how serious a complaint is. It may raise the ticket's priority and never lowers it; what was promised at the opening stays. It may
/// be said again until the customer has a proposal before them, or the complaint is decided.
/// </summary>
/// <param name="Severity"><c>minor</c>, <c>major</c> or <c>critical</c>.</param>
/// <param name="Safety">Whether somebody's safety is at stake.</param>
/// <param name="Scope">Whether <c>one</c> customer or <c>many</c> are concerned.</param>
/// <param name="AboutAgent">The subject of the agent whom it is about: they do not see it from then on. Left out, that stays as it was.
/// </param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record AssessComplaint(
    [property: Required, OneOf("minor", "major", "critical")] string Severity,
    bool Safety = false,
    [property: Required, OneOf("one", "many")] string Scope = "one",
    DateTimeOffset? OccurredAt = null,
    [property: Agent] string? AboutAgent = null
)
{
    public ITicketEvent[] Decide(Ticket ticket, string caller, DateTimeOffset at)
    {
        var complaint = ticket.At(ComplaintStep.Assess);
        if (
            complaint.Stage != ComplaintStage.Received
            && (complaint.Severity, complaint.Safety, complaint.Scope, complaint.AboutAgent)
                == (Severity, Safety, Scope, AboutAgent ?? complaint.AboutAgent)
        )
            return [];
        if (AboutAgent is not null && (AboutAgent == ticket.Agent || AboutAgent == complaint.Owner))
            throw new RuleViolationException(
                "complained-about",
                $"The complaint is {AboutAgent}'s to handle: give it to somebody else first.",
                "aboutAgent"
            );
        if (complaint.Safety && !Safety && complaint.AssessedBy == caller)
            throw new RuleViolationException(
                "second-person",
                "You said that somebody's safety is at stake: somebody else takes that back.",
                "safety"
            );
        var assessed = new ComplaintAssessed(
            CustomerId: ticket.CustomerId,
            Severity: Severity,
            Safety: Safety,
            Scope: Scope,
            Priority: Priorities.Higher(ticket.Priority, Priorities.Of(ticket.Kind, Severity, ticket.Raise)),
            By: caller,
            OccurredAt: at,
            AboutAgent: AboutAgent
        );
        // Once: it is not the first assessment that says so each time.
        return Safety && !complaint.Safety ? [assessed, new Escalated(ticket.CustomerId, Promises.Safety, 1, 0, "duty", at)] : [assessed];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/assess",
                "Say how serious a complaint is",
                "service-desk.complaints.write",
                (Guid id, AssessComplaint command, Request request, EventStore store) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, request.Actor, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("not-a-complaint", "ticket-closed", "ticket-resolved", "already-decided", "proposal-open", "proposal-accepted")
            .Refuses("second-person", "complained-about");
}
