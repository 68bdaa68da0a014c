using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>The authority is done with the case. How we decide the complaint does not depend on it.</summary>
/// <param name="Outcome"><c>settled</c>, <c>not-settled</c>, <c>not-accepted</c> or <c>withdrawn</c>.</param>
/// <param name="OccurredAt">When it happened: now if left out; not before the ticket's last event, not in the future.</param>
public sealed record EndExternalCase(
    [property: Required, OneOf("settled", "not-settled", "not-accepted", "withdrawn")] string Outcome,
    DateTimeOffset? OccurredAt = null
)
{
    public ITicketEvent[] Decide(Ticket ticket, string caller, DateTimeOffset at)
    {
        if (ticket.Complaint?.ExternalCases is [.., { EndedAt: not null } last] && last.Outcome == Outcome)
            return [];
        var external = ticket.OpenExternalCase();
        return Outcome == "not-accepted" && external.AcceptedAt is { } accepted
            ? throw new RuleViolationException("external-case-accepted", $"The authority accepted the case, {accepted:O}.", "outcome")
            : [new ExternalCaseEnded(ticket.CustomerId, external.Number, Outcome, caller, at)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/external-case/end",
                "Record what came of the case at the authority",
                "service-desk.complaints.write",
                (Guid id, EndExternalCase command, Request request, EventStore store) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => command.Decide(ticket, request.Actor, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("not-a-complaint", "no-external-case", "external-case-accepted");
}
