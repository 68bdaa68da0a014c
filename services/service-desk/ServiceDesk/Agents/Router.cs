using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>
/// Routes tickets one after the other: it reads who has what, decides, and records the decision only if no other ticket was routed
/// since, in any process; else it reads again. So no two tickets take the last place.
/// </summary>
public sealed class Router(EventStore store, NpgsqlDataSource db, DeskRules rules) : IDisposable
{
    readonly SemaphoreSlim turn = new(1);

    // The customer's own dedication counts before those of others who are one person with them.
    const string Dedications = """
        select agent, deputy from unnest(@members) with ordinality u (customer_id, n) join dedications using (customer_id)
        where until_at is null order by customer_id <> @customerId, n limit 1
        """;

    /// <exception cref="NotFoundException">There is no such ticket.</exception>
    public async Task<(WriteResult Done, Routing Routing)> Route(Guid id, RouteTicket command, Request request, CancellationToken ct)
    {
        // Within a process they wait for their turn instead of deciding in vain.
        await turn.WaitAsync(ct);
        try
        {
            while (true)
            {
                var sought = await Sought(id, command.Language, ct);
                var roster = await Roster.Read(db, ct);
                Routing? chosen = null;
                try
                {
                    var done = await store.Write(
                        request,
                        Write.To(
                            Ticket.Of(id),
                            RoutingDesk.Stream,
                            (ticket, desk) =>
                            {
                                if (desk.Version != roster.Version)
                                    throw new DeskMovedException();
                                var calendar = rules.Calendar(ticket.State.Calendar, request.Now);
                                var about = ticket.State.For(request.Actor, id).Complaint?.AboutAgent;
                                var able = roster.Agents.Where(a => a.Subject != about);
                                chosen = Routing.Choose(sought, able, calendar, request.Now);
                                ticket.Append(Desk.At(ticket.State, null, request.Now, (t, at) => RouteTicket.Decide(t, chosen, at)));
                                desk.Append(new TicketRouted(id, chosen!.Agent, chosen.Reason, ticket.State.LastAt));
                            }
                        )
                    );
                    return (done, chosen!);
                }
                catch (DeskMovedException)
                {
                    ct.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    async Task<Sought> Sought(Guid id, string? language, CancellationToken ct)
    {
        var (customerId, category) = await db.QuerySingleOrDefault<(Guid, string)>(
            "select customer_id, category from ticket_list where ticket_id = @id",
            new { id },
            ct
        );
        if (customerId == Guid.Empty)
            throw new NotFoundException("ticket", id);
        var tier = (await Standing.Of(db, customerId, ct))?.Tier;
        var members = (await CustomerGroups.Of(db, customerId, ct)).Members.ToArray();
        var (agent, deputy) = await db.QuerySingleOrDefault<(string?, string?)>(Dedications, new { members, customerId }, ct);
        return new(category, language, rules.NeedsCertificate(tier) ? tier : null, agent, deputy);
    }

    public void Dispose() => turn.Dispose();

    /// <summary>Another ticket was routed since the roster was read.</summary>
    sealed class DeskMovedException() : Exception("Another ticket was routed meanwhile.");
}
