using System.ComponentModel;
using System.Text.Json.Serialization;
using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>A ticket in a list.</summary>
/// <param name="Id">Id of the ticket.</param>
/// <param name="Kind"><c>complaint</c>, <c>request</c> or <c>feedback</c>.</param>
/// <param name="Category">What it is about, as a code: <c>billing</c>.</param>
/// <param name="Severity"><c>minor</c>, <c>major</c> or <c>critical</c>; null unless it is a complaint.</param>
/// <param name="Priority"><c>urgent</c>, <c>high</c>, <c>normal</c> or <c>low</c>: by kind and severity, raised for some customers.</param>
/// <param name="Channel">How the customer contacted the desk, as a code: <c>email</c>.</param>
/// <param name="Status"><c>open</c>, <c>waiting</c> (for the customer), <c>resolved</c> or <c>closed</c>.</param>
/// <param name="Agent">The subject of the agent's token; null while nobody has it.</param>
/// <param name="Tier">The customer's tier now, the best of those who are one person with them; null if none was told.</param>
/// <param name="Risk">0 late, or open for three times as long as was promised; 1 due within the hour, 2 within eight hours,
/// 3 later, 4 waiting for the customer, 5 solved, 6 closed.</param>
/// <param name="OpenedAt">When the customer contacted the desk.</param>
/// <param name="FirstResponseDueAt">By when somebody must answer.</param>
/// <param name="ResolutionDueAt">Null while the ticket waits for the customer.</param>
/// <param name="NextUpdateDueAt">By when the customer's last messages must be answered; null if they are, and while the ticket waits or is
/// solved.</param>
/// <param name="AcknowledgementDueAt">By when a complaint must be acknowledged; null if it is, and of other tickets.</param>
/// <param name="FirstResponseBreached">Whether the promise of a first response was broken.</param>
/// <param name="NextUpdateBreached">Whether the customer wrote again and had no answer in time, once at least.</param>
/// <param name="AcknowledgementBreached">Whether the promise of an acknowledgement was broken.</param>
/// <param name="ResolutionBreached">Whether the promise of a solution was broken.</param>
/// <param name="ResolvedAt">When it was solved; null while it is not.</param>
/// <param name="Satisfaction">The customer's answer about the solution, 1 to 5; null if there is none.</param>
/// <param name="Reopened">How often it came back after it was solved.</param>
/// <param name="FirstReplyMinutes">Business minutes up to the first reply; null if there is none yet.</param>
/// <param name="Class">As <c>Risk</c>, with the overlong apart; orders the queue and is not shown.</param>
/// <param name="Rank">Place of the customer's tier; orders the queue and is not shown.</param>
public sealed record TicketRow(
    Guid Id,
    Guid CustomerId,
    [property: OneOf("complaint", "request", "feedback")] string Kind,
    string Category,
    [property: OneOf(null, "minor", "major", "critical")] string? Severity,
    [property: OneOf("urgent", "high", "normal", "low")] string Priority,
    string Channel,
    [property: OneOf("open", "waiting", "resolved", "closed")] string Status,
    string? Agent,
    string? Tier,
    int Risk,
    DateTimeOffset OpenedAt,
    DateTimeOffset FirstResponseDueAt,
    DateTimeOffset? ResolutionDueAt,
    DateTimeOffset? NextUpdateDueAt,
    DateTimeOffset? AcknowledgementDueAt,
    bool FirstResponseBreached,
    bool NextUpdateBreached,
    bool AcknowledgementBreached,
    bool ResolutionBreached,
    DateTimeOffset? ResolvedAt,
    int? Satisfaction,
    int Reopened,
    int? FirstReplyMinutes,
    [property: JsonIgnore] int Class,
    [property: JsonIgnore] int Rank
);

/// <summary>Lists tickets in the order of <see cref="QueueOrder"/>, so pages never overlap.</summary>
public static class GetTickets
{
    static readonly string[] statuses = ["open", "waiting", "resolved", "closed"];
    internal static readonly string[] Kinds = ["complaint", "request", "feedback"];

    /// <summary>What a row shows of <c>ticket_list t</c>, in the order of <see cref="TicketRow"/>; class and rank follow.</summary>
    internal static string Columns(string tier, string @class) =>
        $"""
            t.ticket_id as id, t.customer_id, t.kind, category, severity, t.priority, channel, status, t.agent, {tier} as tier,
                greatest({@class} - 1, 0) as risk, t.opened_at, first_due_at as first_response_due_at,
                coalesce(resolution_due, solved_due_at) as resolution_due_at, update_due as next_update_due_at,
                acknowledgement_due as acknowledgement_due_at, first_breached as first_response_breached,
                update_breached as next_update_breached, acknowledgement_breached, resolution_breached, resolved_at, satisfaction::int,
                reopened, first_minutes as first_reply_minutes
            """;

    internal const string Ladder = "select tier, row_number() over (order by points, tier)::int as place from tier_ladder";

    static readonly string sql = $"""
        with ladder as ({Ladder})
        select q.* from (
            select {Columns(
            "tier_now",
            "class"
        )}, class, case when class = {QueueOrder.Overlong} then 0 else coalesce(l.place, 0) end as rank
            from (
                select t.*, coalesce(b.tier, s.tier, t.tier) as tier_now, case when status = 'closed' then {QueueOrder.Classes + 1}
                    when status = 'resolved' then {QueueOrder.Classes} else {QueueOrder.ClassAt("@now")} end as class
                from (
                    select *, {QueueOrder.DueAt} as due_at, {QueueOrder.OverlongAt} as overlong_at, {QueueOrder.Waits} as waits
                    from ticket_list
                    where status = any(@statuses) and (@priority::text is null or priority = @priority)
                        and (@agent::text is null or agent = @agent) and (@members::uuid[] is null or customer_id = any(@members))
                        and (@kind::text is null or kind = @kind) and ticket_id <> all(@hidden)) t
                    left join customer_standings s using (customer_id) left join customer_groups g using (customer_id)
                    left join lateral (
                        select m.tier from unnest(g.members) with ordinality u (id, n)
                            join customer_standings m on m.customer_id = u.id left join ladder on ladder.tier = m.tier
                        where m.tier is not null order by coalesce(place, 0) desc, n limit 1) b on true) t
                left join ladder l on l.tier = t.tier_now) q
        where @id::uuid is null or (class, -rank, opened_at, id) > (@class, -@rank, @openedAt, @id)
        order by class, rank desc, opened_at, id limit @size + 1
        """;

    public static void Map(CrmService room)
    {
        room.MapGet(
            "tickets",
            "List tickets, optionally by status, priority, agent, customer or kind",
            "service-desk.read",
            async (
                [Description("Only open, waiting, resolved or closed ones.")] string? status,
                [Description("Only urgent, high, normal or low ones.")] string? priority,
                [Description("Only those of this agent: the subject of their token.")] string? agent,
                [Description("Only tickets of this customer, and of those who are one person with them.")] Guid? customer,
                [Description("Only complaint, request or feedback.")] string? kind,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                TimeProvider clock,
                HiddenTickets hidden,
                CancellationToken ct
            ) =>
                await List(
                    QueryWord.OneOf("status", status, statuses) is { } one ? [one] : statuses,
                    priority,
                    agent,
                    customer,
                    kind,
                    limit,
                    after,
                    db,
                    clock,
                    await hidden.Ids(ct),
                    ct
                )
        );
    }

    internal static async Task<Page<TicketRow>> List(
        string[] wanted,
        string? priority,
        string? agent,
        Guid? customer,
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
        QueryWord.OneOf("priority", priority, Priorities.All);
        QueryWord.OneOf("kind", kind, Kinds);
        var cursor = QueueCursor.Parse(after);
        // Later pages compute risks for the moment of the first page; otherwise tickets could move between pages as time passes.
        var now = cursor?.Now ?? clock.GetUtcNow();
        var members = customer is { } person ? (await CustomerGroups.Of(db, person, ct)).Members.ToArray() : null;
        var rows = await db.Query<TicketRow>(
            sql,
            new
            {
                now,
                size,
                statuses = wanted,
                priority,
                agent,
                members,
                kind,
                hidden,
                id = cursor?.Id,
                @class = cursor?.Class ?? 0,
                rank = cursor?.Rank ?? 0,
                openedAt = cursor?.OpenedAt ?? now,
            },
            ct
        );
        return Page.Of(rows, size, r => new QueueCursor(now, r.Class, r.Rank, r.OpenedAt, r.Id).ToString());
    }
}
