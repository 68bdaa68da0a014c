using CrmPlatform.ServiceDesk.Complaints;
using CrmPlatform.ServiceDesk.Feedback;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.CorrectiveActions;

/// <summary>
/// Says what is done so that a cause of complaints, or a theme of feedback, does not come back, by whom and by when.
/// </summary>
/// <param name="Title">What is done, in your own words; name no customer, since everybody who reads the list sees it.</param>
/// <param name="Owner">The subject of who does it.</param>
/// <param name="DueAt">By when it is to be done.</param>
/// <param name="Cause">One of the causes of <c>GET complaints/causes</c>; either it or a theme is given.</param>
/// <param name="Theme">One of the themes of <c>GET codebook</c>.</param>
/// <param name="TicketId">The complaint that gave rise to it, if it is one: a critical one is closed only if it has an action.</param>
/// <param name="OccurredAt">When it was set: now if left out; not before the complaint's last event, not in the future.</param>
public sealed record SetAction(
    [property: Required, StringLength(200, MinimumLength = 1)] string Title,
    [property: Required, Agent] string Owner,
    DateTimeOffset DueAt,
    [property: Code] string? Cause = null,
    [property: Code] string? Theme = null,
    Guid? TicketId = null,
    DateTimeOffset? OccurredAt = null
)
{
    public ActionSet Decide(DeskRules rules, Codebook codebook, string caller, DateTimeOffset at) =>
        DueAt <= at
            ? throw new RuleViolationException("due-passed", $"dueAt must be later than the action, {at:O}.", "dueAt")
            : new(
                Title: Title,
                Cause: Cause is null ? null : rules.Cause(Cause),
                Theme: Theme is null ? null : codebook.Known(Theme),
                TicketId: TicketId,
                Owner: Owner,
                DueAt: DueAt.ToUniversalTime(),
                By: caller,
                OccurredAt: at
            );

    public static void Map(CrmService room) =>
        room.MapPost(
                "corrective-actions",
                "Set a corrective action",
                "service-desk.complaints.write",
                async (SetAction command, Request request, EventStore store, DeskRules rules, CancellationToken ct) =>
                {
                    if (command.Cause is null == command.Theme is null)
                        throw new BadRequestException(command.Cause is null ? "cause" : "theme", "either a cause or a theme, and not both");
                    var (codebook, _) = await store.Read(Codebook.Stream, ct);
                    var id = request.NewId;
                    request.Creates(id, $"/api/service-desk/corrective-actions/{id}");
                    return request.Done(await store.Write(request, command.Write(id, request, rules, codebook)));
                }
            )
            .Produces<Changed>(201)
            .Refuses(Desk.Moments)
            .Refuses("not-a-complaint", "cause-unknown", "theme-unknown", "due-passed");

    Write Write(Guid id, Request request, DeskRules rules, Codebook codebook)
    {
        var action = CorrectiveAction.Of(id);
        if (TicketId is not { } ticketId)
            return EventSourcing.Write.To(action, _ => [Decide(rules, codebook, request.Actor, Clocks.Told(OccurredAt, request.Now))]);
        return EventSourcing.Write.To(
            action,
            Ticket.Of(ticketId),
            (set, ticket) =>
            {
                var at = Desk.Moment(ticket.State.For(request.Actor, ticketId).Complained(), OccurredAt, request.Now);
                set.Append(Decide(rules, codebook, request.Actor, at));
                ticket.Append(
                    Desk.At(ticket.State, OccurredAt, request.Now, (t, then) => [new CorrectiveActionNamed(t.CustomerId, id, then)])
                );
            }
        );
    }
}
