using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>
/// After a tier was told, upgrades the open tickets of the customer and of whoever is one person with them, where the policy of the better
/// tier says so. It is dated when it is done: a promise is not made for the past.
/// </summary>
public sealed class UpgradeTickets(IServiceProvider services, NpgsqlDataSource db, DeskRules rules, DeskOptions options, TimeProvider clock)
    : ISubscription
{
    const string Sql = $"""
        select ticket_id, customer_id from ticket_list
        where status in ('open', 'waiting') and {BreachClock.Settled} and customer_id in (
            select unnest(@told) union select unnest(members) from customer_groups where customer_id = any(@told))
        """;

    public string Name => "upgrade-tickets";

    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type> { typeof(TierNoted) };

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (rules.At(now).Policies.All(p => p.OnTierChange == "keep"))
            return;
        Guid[] told = [.. page.Select(e => e.StreamId).Distinct()];
        var rows = await db.Query<OpenRow>(Sql, new { told, since = now - options.ImportSettles }, ct);
        if (rows.Count == 0)
            return;
        var standings = await Standing.Of(db, rows.Select(r => r.CustomerId).Distinct(), ct);
        // The store is made with its subscriptions: it is there when the first page comes, not before.
        await services
            .GetRequiredService<EventStore>()
            .Execute([.. rows.Where(r => standings.ContainsKey(r.CustomerId)).Select(r => To(r, standings[r.CustomerId]))], ct: ct);

        Write To(OpenRow row, Standing standing) =>
            Write.To(
                Ticket.Of(row.TicketId),
                ticket => Desk.At(ticket, null, now, (state, at) => PolicyChange.Upgrade(state, rules, standing, at))
            );
    }
}
