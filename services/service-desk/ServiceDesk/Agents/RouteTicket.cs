using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>Gives a ticket that nobody has to an agent, by rule.</summary>
/// <param name="Language">A language that they are to speak, as a code: <c>en</c>; left out: any.</param>
public sealed record RouteTicket([property: Code] string? Language = null)
{
    /// <param name="chosen">Null if nobody can take it.</param>
    public static ITicketEvent[] Decide(Ticket ticket, Routing? chosen, DateTimeOffset at) =>
        ticket.Workable().Agent is not null ? throw ClaimTicket.Taken(ticket)
        : chosen is null ? throw new RuleViolationException("no-capacity", "Nobody who is available and able has a place for it.")
        : [new TicketAssigned(ticket.CustomerId, chosen.Agent, at, Reason: chosen.Reason)];

    public static void Map(CrmService room) =>
        room.MapPost(
                "tickets/{id:guid}/route",
                "Give a ticket that nobody has to an agent, by rule",
                "service-desk.write",
                async (Guid id, RouteTicket command, Request request, Router router, HttpContext http, CancellationToken ct) =>
                {
                    var (done, routing) = await router.Route(id, command, request, ct);
                    http.Response.Headers.ETag = $"\"{done.Version}\"";
                    return TypedResults.Ok(new Routed(id, done.Version, routing.Agent, routing.Reason));
                }
            )
            .Duplicates("taken")
            .Refuses("no-capacity", "ticket-closed");
}

/// <summary>Who takes the ticket, and why. A repeated request with the same key is answered without these two.</summary>
/// <param name="Id">Of the ticket.</param>
/// <param name="Version">Its new version.</param>
/// <param name="Agent">The subject of who has it now.</param>
/// <param name="Reason"><c>dedicated</c>: they are the customer's dedicated agent; <c>deputy</c>: they stand in for that one;
/// <c>least-loaded</c>: of those who are available and able they had least to do.</param>
public sealed record Routed(
    Guid Id,
    long Version,
    string Agent,
    [property: OneOf(Routing.ByDedication, Routing.ByDeputy, Routing.ByLoad)] string Reason
);
