using System.ComponentModel;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Queue;

/// <summary>
/// Open and waiting tickets in the order of <see cref="QueueOrder"/>. Of each class and tier the first are read from the index; what is in
/// another class by now than was written down, or was then, is computed.
/// </summary>
static class GetQueue
{
    // Tiers that are there, each by one look into the index.
    const string Tiers = $"""
        seen as (
            (select tier from ticket_queue order by tier limit 1)
            union all
            select (select q.tier from ticket_queue q where q.tier > seen.tier order by q.tier limit 1) from seen
            where seen.tier is not null),
        ladder as ({GetTickets.Ladder}),
        tiers as (select tier, coalesce(place, 0) as place from seen left join ladder using (tier) where tier is not null)
        """;

    static string Sql(string filter) =>
        $"""
            with recursive {Tiers},
            fresh as (
                select q.ticket_id, c.class, r.rank, q.opened_at
                from generate_series(0, {QueueOrder.Classes - 1}) c (class) cross join tiers t
                    cross join lateral (select case when c.class = {QueueOrder.Overlong} then 0 else t.place end as rank) r
                    cross join lateral (
                        select ticket_id, opened_at from ticket_queue q
                        where q.tier = t.tier and q.class = c.class and class_from <= @now and class_until > @now {filter}
                            and q.opened_at >= case when (c.class, r.rank) = (@class, @rank) then @openedAt else '-infinity' end
                            and (@id::uuid is null or (c.class, -r.rank, q.opened_at, q.ticket_id) > (@class, -@rank, @openedAt, @id))
                        order by opened_at, ticket_id limit @size + 1) q
                where @id::uuid is null or (c.class, -r.rank) >= (@class, -@rank)),
            stale as (
                select ticket_id, class, case when class = {QueueOrder.Overlong} then 0 else place end as rank, opened_at
                from (
                    select ticket_id, tier, opened_at, {QueueOrder.ClassAt("@now")} as class from ticket_queue q
                    where (class_until <= @now or class_from > @now) {filter}) q join tiers using (tier)),
            page as (
                select * from (select * from fresh union all select * from stale) q
                where @id::uuid is null or (class, -rank, opened_at, ticket_id) > (@class, -@rank, @openedAt, @id)
                order by class, rank desc, opened_at, ticket_id limit @size + 1)
            select {GetTickets.Columns("nullif(q.tier, '')", "page.class")}, page.class, page.rank
            from page join ticket_queue q using (ticket_id) join ticket_list t on t.ticket_id = page.ticket_id
            order by page.class, page.rank desc, page.opened_at, page.ticket_id
            """;

    public static void Map(CrmService room) =>
        room.MapGet(
            "queue",
            "Open and waiting tickets, most urgent first",
            "service-desk.read",
            async (
                [Description("Only urgent, high, normal or low ones.")] string? priority,
                [Description("Only those of this agent: the subject of their token.")] string? agent,
                [Description("Only complaint, request or feedback.")] string? kind,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                TimeProvider clock,
                HiddenTickets hidden,
                CancellationToken ct
            ) => await Page(priority, agent, kind, limit, after, db, clock, await hidden.Ids(ct), ct)
        );

    internal static async Task<Page<TicketRow>> Page(
        string? priority,
        string? agent,
        string? kind,
        int? limit,
        string? after,
        NpgsqlDataSource db,
        TimeProvider clock,
        Guid[] hidden,
        CancellationToken ct
    )
    {
        var size = PageLimit.Of(limit);
        QueryWord.OneOf("priority", priority, Sla.Priorities.All);
        QueryWord.OneOf("kind", kind, GetTickets.Kinds);
        var cursor = QueueCursor.Parse(after);
        // Later pages compute classes for the moment of the first page; otherwise tickets could move between pages as time passes.
        var now = cursor?.Now ?? clock.GetUtcNow();
        var filter = string.Concat(
            priority is null ? "" : " and q.priority = @priority",
            agent is null ? "" : " and q.agent = @agent",
            kind is null ? "" : " and q.kind = @kind",
            hidden.Length == 0 ? "" : " and q.ticket_id <> all(@hidden)"
        );
        var rows = await db.Query<TicketRow>(
            Sql(filter),
            new
            {
                now,
                size,
                priority,
                agent,
                kind,
                hidden,
                id = cursor?.Id,
                @class = cursor?.Class ?? 0,
                rank = cursor?.Rank ?? 0,
                openedAt = cursor?.OpenedAt ?? DateTimeOffset.MinValue,
            },
            ct
        );
        return ServiceDefaults.Page.Of(rows, size, r => new QueueCursor(now, r.Class, r.Rank, r.OpenedAt, r.Id).ToString());
    }
}
