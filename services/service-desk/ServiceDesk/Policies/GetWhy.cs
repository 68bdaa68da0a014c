using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>Why a ticket is promised what it is, and why it stands in the queue where it does.</summary>
/// <param name="PolicyId">The policy by which its promises are made.</param>
/// <param name="PolicyVersion">Its own version.</param>
/// <param name="RulesVersion">The version of the calendars and policies; 0 are the settings.</param>
/// <param name="Match">What of the customer the policy names; null if it was opened before that was recorded.</param>
/// <param name="Priority">How its priority came about.</param>
/// <param name="Changes">Changes of its policy, oldest first.</param>
/// <param name="Excuses">Breaches that were none, because a calendar was corrected; oldest first.</param>
/// <param name="Queue">Its place in the queue; null once it is solved.</param>
public sealed record TicketReasons(
    string PolicyId,
    int PolicyVersion,
    int RulesVersion,
    PolicyMatch? Match,
    IReadOnlyList<PriorityStep> Priority,
    IReadOnlyList<PolicyStep> Changes,
    IReadOnlyList<BreachExcuse> Excuses,
    QueuePlace? Queue
);

/// <summary>A step of the priority.</summary>
/// <param name="Because"><c>kind</c>, <c>severity</c>, <c>policy</c> (it raises it) or <c>assessed</c>.</param>
/// <param name="Priority">What it was from then on.</param>
public sealed record PriorityStep(
    [property: OneOf("kind", "severity", "policy", "assessed")] string Because,
    [property: OneOf("urgent", "high", "normal", "low")] string Priority
);

/// <summary>The ticket got another policy while it was open.</summary>
/// <param name="Because"><c>upgraded</c> (by a better tier) or <c>migrated</c> (to a later version).</param>
/// <param name="From">By which its promises were made.</param>
/// <param name="To">By which they are made since.</param>
/// <param name="Match">What of the customer the new policy names.</param>
/// <param name="Dues">Promises that are due otherwise since.</param>
/// <param name="At">When it was.</param>
public sealed record PolicyStep(
    [property: OneOf("upgraded", "migrated")] string Because,
    PolicyPin From,
    PolicyPin To,
    PolicyMatch Match,
    IReadOnlyList<MovedDue> Dues,
    DateTimeOffset At
);

/// <summary>A breach was excused; it stays on record.</summary>
/// <param name="Clock"><c>acknowledgement</c>, <c>first-response</c>, <c>next-update</c> or <c>resolution</c>.</param>
/// <param name="Number">Which of the promises with this clock; of the resolution, which solution.</param>
/// <param name="BreachedAt">The instant of the breach.</param>
/// <param name="DueAt">When it was due by the corrected calendar.</param>
/// <param name="RulesVersion">The version of the calendars and policies that is the correction: it says who, when and why.</param>
/// <param name="At">When it was excused.</param>
public sealed record BreachExcuse(
    [property: OneOf("acknowledgement", "first-response", "next-update", "resolution")] string Clock,
    int Number,
    DateTimeOffset BreachedAt,
    DateTimeOffset DueAt,
    int RulesVersion,
    DateTimeOffset At
);

/// <summary>What orders the queue, in the order in which it counts.</summary>
/// <param name="Class"><c>overlong</c>, <c>late</c>, <c>within-1-hour</c>, <c>within-8-hours</c>, <c>later</c> or <c>waiting</c>.</param>
/// <param name="Tier">The customer's tier now, the best of those who are one person with them; null if none was told. It does not count
/// among the overlong.</param>
/// <param name="OpenedAt">When the customer contacted the desk.</param>
/// <param name="Ahead">How many open and waiting tickets come before it.</param>
public sealed record QueuePlace(
    [property: OneOf("overlong", "late", "within-1-hour", "within-8-hours", "later", "waiting")] string Class,
    string? Tier,
    DateTimeOffset OpenedAt,
    long Ahead
);

/// <summary>Answers the question of an agent or a customer: why then, why before or behind others.</summary>
public static class GetWhy
{
    static readonly string[] classes = ["overlong", "late", "within-1-hour", "within-8-hours", "later", "waiting"];

    static readonly string sql = $"""
        with ladder as ({GetTickets.Ladder}),
        ordered as (
            select ticket_id, opened_at, tier, class, case when class = {QueueOrder.Overlong} then 0 else coalesce(place, 0) end as rank
            from (select ticket_id, opened_at, tier, {QueueOrder.ClassAt(
            "@now"
        )} as class from ticket_queue) q left join ladder using (tier))
        select t.class, nullif(t.tier, '') as tier, t.opened_at, (
                select count(*) from ordered o
                where (o.class, -o.rank, o.opened_at, o.ticket_id) < (t.class, -t.rank, t.opened_at, t.ticket_id)) as ahead
        from ordered t where t.ticket_id = @id
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "tickets/{id:guid}/why",
                "Why the ticket has its policy, its priority and its place in the queue",
                "service-desk.read",
                async (Guid id, EventStore store, NpgsqlDataSource db, HiddenTickets hidden, TimeProvider clock, CancellationToken ct) =>
                {
                    var facts = (await store.FetchStream(id, ct: ct)).Select(e => e.Data).ToList();
                    if (facts is not [TicketOpened opened, ..] || await hidden.Contains(id, ct))
                        return Answer.NotFound("ticket", id);
                    var place = await db.QuerySingleOrDefault<Place>(sql, new { id, now = clock.GetUtcNow() }, ct);
                    return (IResult)TypedResults.Ok(Of(opened, facts, place));
                }
            )
            .Produces<TicketReasons>()
            .AtOnce(4);

    static TicketReasons Of(TicketOpened opened, List<object> facts, Place? place)
    {
        PolicyStep[] changes =
        [
            .. facts
                .OfType<IPolicyChanged>()
                .Select(e => new PolicyStep(e is PolicyUpgraded ? "upgraded" : "migrated", e.From, e.To, e.Match, e.Dues, e.OccurredAt)),
        ];
        var pin = changes is [.., var last] ? last.To : new(opened.PolicyId, opened.PolicyVersion, opened.Rules, opened.Calendar);
        return new(
            PolicyId: pin.Id,
            PolicyVersion: pin.Version,
            RulesVersion: pin.Rules,
            Match: changes is [.., var step] ? step.Match : opened.Match,
            Priority: [.. Steps(opened, facts)],
            Changes: changes,
            Excuses:
            [
                .. facts
                    .OfType<BreachExcused>()
                    .Select(e => new BreachExcuse(e.Clock, e.Number, e.BreachedAt, e.DueAt, e.Rules, e.OccurredAt)),
            ],
            Queue: place is null ? null : new(classes[place.Class], place.Tier, place.OpenedAt, place.Ahead)
        );
    }

    static IEnumerable<PriorityStep> Steps(TicketOpened opened, List<object> facts)
    {
        var priority = Priorities.Of(opened.Kind, opened.Severity, 0);
        yield return new(opened.Severity is null ? "kind" : "severity", priority);
        if (opened.Priority != priority)
            yield return new("policy", priority = opened.Priority);
        foreach (var assessed in facts.OfType<Tickets.ComplaintAssessed>().Where(a => a.Priority != priority))
            yield return new("assessed", priority = assessed.Priority);
    }

    sealed class Place
    {
        public int Class { get; init; }
        public string? Tier { get; init; }
        public DateTimeOffset OpenedAt { get; init; }
        public long Ahead { get; init; }
    }
}
