using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Queue;

/// <summary>
/// View of the open and waiting tickets with what orders them: the class of an instant, until when it holds, and the customer's tier. It
/// reads the views of tickets and customers, which have the same fact before it.
/// </summary>
public sealed class TicketQueue : IProjection
{
    /// <summary>The tier by which a ticket of <c>q</c> is served: the best of those who are one person with the customer.</summary>
    public const string Tier = """
        coalesce((
                select m.tier from customer_groups g cross join unnest(g.members) with ordinality u (id, n)
                    join customer_standings m on m.customer_id = u.id left join tier_ladder l on l.tier = m.tier
                where g.customer_id = q.customer_id and m.tier is not null
                order by coalesce(l.points, -1) desc, l.tier desc nulls last, n limit 1),
            (select s.tier from customer_standings s where s.customer_id = q.customer_id), q.opened_tier, '')
        """;

    static readonly string put = $"""
        insert into ticket_queue as old (
            ticket_id, customer_id, kind, priority, agent, opened_at, opened_tier, due_at, overlong_at, waits, tier, class, class_from,
            class_until)
        select ticket_id, customer_id, kind, priority, agent, opened_at, opened_tier, due_at, overlong_at, waits, {Tier},
            {QueueOrder.ClassAt("recorded_at")}, recorded_at, {QueueOrder.ClassEnds("recorded_at")}
        from (
            select t.*, tier as opened_tier, {QueueOrder.DueAt} as due_at, {QueueOrder.OverlongAt} as overlong_at,
                {QueueOrder.Waits} as waits, recorded_at
            from unnest($1::uuid[], $2::timestamptz[]) happened (id, recorded_at) join ticket_list t on t.ticket_id = happened.id
            where status in ('open', 'waiting')) q
        on conflict (ticket_id) do update set priority = excluded.priority, agent = excluded.agent, due_at = excluded.due_at,
            overlong_at = excluded.overlong_at, waits = excluded.waits, class = excluded.class, class_from = excluded.class_from,
            class_until = excluded.class_until
        """;

    static readonly string tiers = $"update ticket_queue q set tier = {Tier} where customer_id = any($1) and tier is distinct from {Tier}";

    public string Name => "ticket-queue";

    public string Ddl =>
        """
            create table if not exists ticket_queue (
                ticket_id uuid primary key, customer_id uuid not null, kind text not null, priority text not null, agent text,
                opened_at timestamptz not null, opened_tier text, due_at timestamptz, overlong_at timestamptz, waits bool not null,
                tier text not null, class int not null, class_from timestamptz not null, class_until timestamptz not null);
            create index if not exists ticket_queue_order on ticket_queue (tier, class, opened_at, ticket_id);
            create index if not exists ticket_queue_agent on ticket_queue (agent, tier, class, opened_at, ticket_id);
            create index if not exists ticket_queue_customer on ticket_queue (customer_id);
            create index if not exists ticket_queue_from on ticket_queue (class_from);
            create index if not exists ticket_queue_until on ticket_queue (class_until);
            """;

    public void Register(EventHandlers on) =>
        on.OnPage<ITicketEvent>(Put)
            .On<TierNoted>(
                (_, e, sql) =>
                    sql.Add(
                        $"""
                        update ticket_queue q set tier = {Tier}
                        where customer_id in (
                            select $1 union select unnest(members) from customer_groups where customer_id = $1)
                        """,
                        e.StreamId
                    )
            )
            .On<GroupNoted>((g, _, sql) => sql.Add(tiers, g.Members.Append(g.CustomerId).ToArray()));

    /// <summary>Once for each ticket of a page, by what moved it last: an import records a ticket's whole life in one page.</summary>
    static void Put(IReadOnlyList<RecordedEvent> page, SqlBatch sql)
    {
        var moved = page.Where(e => Moves(e.Data)).GroupBy(e => e.StreamId).Select(ticket => ticket.Last()).ToLookup(Ends);
        if (moved[true].Any())
            sql.Add("delete from ticket_queue where ticket_id = any($1)", moved[true].Select(e => e.StreamId).ToArray());
        if (moved[false].Any())
            sql.Add(
                put,
                moved[false].Select(e => e.StreamId).ToArray(),
                moved[false].Select(e => e.RecordedAt.ToUniversalTime()).ToArray()
            );
    }

    static bool Moves(object fact) =>
        fact
            is TicketOpened
                or ComplaintAcknowledged
                or ComplaintAssessed
                or IPolicyChanged
                or TicketAssigned
                or TicketReplied { FirstResponse: true }
                or TicketReplied { NextUpdateUsed: not null }
                or NextUpdatePromised
                or TicketWaiting
                or TicketResumed
                or TicketReopened
                or TicketResolved
                or TicketClosed;

    static bool Ends(RecordedEvent e) => e.Data is TicketResolved or TicketClosed;
}
