using CrmPlatform.ServiceDesk.Complaints;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.CorrectiveActions;

/// <summary>Says what is done so that a cause of complaints does not come back, by whom and by when.</summary>
/// <param name="Title">What is done, in your own words; name no customer, since everybody who reads the list sees it.</param>
/// <param name="Cause">One of the causes of <c>GET complaints/causes</c>.</param>
/// <param name="Owner">The subject of who does it.</param>
/// <param name="DueAt">By when it is to be done.</param>
/// <param name="TicketId">The complaint that gave rise to it, if it is one: a critical one is closed only if it has an action.</param>
/// <param name="OccurredAt">When it was set: now if left out; not before the complaint's last event, not in the future.</param>
public sealed record SetAction(
    [property: Required, StringLength(200, MinimumLength = 1)] string Title,
    [property: Required, Code] string Cause,
    [property: Required, Agent] string Owner,
    DateTimeOffset DueAt,
    Guid? TicketId = null,
    DateTimeOffset? OccurredAt = null
)
{
    public ActionSet Decide(DeskRules rules, string caller, DateTimeOffset at) =>
        DueAt <= at
            ? throw new RuleViolationException("due-passed", $"dueAt must be later than the action, {at:O}.", "dueAt")
            : new(Title, rules.Cause(Cause), TicketId, Owner, DueAt.ToUniversalTime(), caller, at);

    public static void Map(CrmService room) =>
        room.MapPost(
                "corrective-actions",
                "Set a corrective action",
                "service-desk.complaints.write",
                async (SetAction command, Request request, EventStore store, DeskRules rules) =>
                {
                    var id = request.NewId;
                    request.Creates(id, $"/api/service-desk/corrective-actions/{id}");
                    return request.Done(await store.Write(request, command.Write(id, request, rules)));
                }
            )
            .Produces<Changed>(201)
            .Refuses(Desk.Moments)
            .Refuses("not-a-complaint", "cause-unknown", "due-passed");

    Write Write(Guid id, Request request, DeskRules rules)
    {
        var action = CorrectiveAction.Of(id);
        if (TicketId is not { } ticketId)
            return EventSourcing.Write.To(action, _ => [Decide(rules, request.Actor, Clocks.Told(OccurredAt, request.Now))]);
        return EventSourcing.Write.To(
            action,
            Ticket.Of(ticketId),
            (set, ticket) =>
            {
                if (!ticket.State.Exists)
                    throw new NotFoundException("ticket", ticketId);
                var at = Desk.Moment(ticket.State.Complained(), OccurredAt, request.Now);
                set.Append(Decide(rules, request.Actor, at));
                ticket.Append(
                    Desk.At(ticket.State, OccurredAt, request.Now, (t, then) => [new CorrectiveActionNamed(t.CustomerId, id, then)])
                );
            }
        );
    }
}
