using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>The authority accepted the case: its mediation ends within 45 working days from then.</summary>
/// <param name="OccurredAt">When it did; that day does not count. Now if left out; not before the ticket's last event.</param>
public sealed record AcceptExternalCase(DateTimeOffset? OccurredAt = null)
{
    public static ITicketEvent[] Decide(Ticket ticket, DeskRules rules, string caller, DateTimeOffset at)
    {
        var external = ticket.OpenExternalCase();
        return external.AcceptedAt is not null
            ? []
            :
            [
                new ExternalCaseAccepted(
                    CustomerId: ticket.CustomerId,
                    Number: external.Number,
                    MediationDueAt: rules.AuthorityCalendar(at).EndOfDays(at, ExternalCase.MediationDays),
                    By: caller,
                    OccurredAt: at
                ),
            ];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/external-case/accept",
                "Record that the authority accepted the case",
                "service-desk.complaints.write",
                (Guid id, AcceptExternalCase command, Request request, EventStore store, DeskRules rules) =>
                    store.Decide(request, id, command.OccurredAt, (ticket, at) => Decide(ticket, rules, request.Actor, at))
            )
            .Refuses(Desk.Moments)
            .Refuses("not-a-complaint", "no-external-case");
}
