using System.ComponentModel;
using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>The complaints of a period, counted.</summary>
/// <param name="From">The period begins here.</param>
/// <param name="Until">It ends just before here.</param>
/// <param name="By">What <c>Groups</c> are by.</param>
/// <param name="Total">All complaints that were opened in the period.</param>
/// <param name="Groups">The same by each value, the largest group first, at most 200.</param>
public sealed record ComplaintFigures(
    DateTimeOffset From,
    DateTimeOffset Until,
    [property: OneOf("cause", "area", "category", "channel", "severity", "tier")] string By,
    ComplaintGroup Total,
    IReadOnlyList<ComplaintGroup> Groups
);

/// <summary>Some of the complaints of a period. Minutes are business minutes, by nearest rank.</summary>
/// <param name="Key">The value that they have in common; null of those that have none, and of the total.</param>
/// <param name="Count">How many were opened.</param>
/// <param name="Decided">How many of them are decided.</param>
/// <param name="UpheldShare">Share of <c>upheld</c> and <c>partly</c> among the decided that were not withdrawn, with four decimals; null
/// if there is none.</param>
/// <param name="AcknowledgementMedianMinutes">Up to the acknowledgement; null if none was promised and kept.</param>
/// <param name="AcknowledgementP90Minutes">What nine in ten took at most.</param>
/// <param name="DecisionMedianMinutes">Up to the decision, without waiting for the customer; null if none is decided.</param>
/// <param name="DecisionP90Minutes">What nine in ten took at most.</param>
/// <param name="WithinPromise">Share of those whose promise of a solution was kept among those where it was kept or broken, with four
/// decimals; null if there is none.</param>
/// <param name="Repeats">Complaints of a person who had complained about the same cause in the 90 days before.</param>
/// <param name="RepeatShare">Their share of <c>Count</c>, with four decimals; null if there is none.</param>
/// <param name="Refunds">Money given as refunds, in the currency of the installation.</param>
/// <param name="Vouchers">Money given as vouchers, in the currency of the installation.</param>
/// <param name="Points">Points given.</param>
/// <param name="Answers">How many customers said how satisfied they were.</param>
/// <param name="Satisfaction">The mean of their scores, 1 to 5, with two decimals; null if there is none.</param>
public sealed record ComplaintGroup(
    string? Key,
    long Count,
    long Decided,
    decimal? UpheldShare,
    int? AcknowledgementMedianMinutes,
    int? AcknowledgementP90Minutes,
    int? DecisionMedianMinutes,
    int? DecisionP90Minutes,
    decimal? WithinPromise,
    long Repeats,
    decimal? RepeatShare,
    decimal Refunds,
    decimal Vouchers,
    long Points,
    long Answers,
    decimal? Satisfaction
);

/// <summary>Counts the complaints that were opened in a period, as they are now.</summary>
static class GetComplaintFigures
{
    static readonly string[] keys = ["cause", "area", "category", "channel", "severity", "tier"];

    // A promise that is late is broken, also before that is recorded.
    static string Sql(string by) =>
        $"""
            {ComplaintRegister.Rows}
            select {by} as key, count(*) as count, count(outcome) as decided,
                round(avg((outcome in ('upheld', 'partly'))::int) filter (where outcome <> 'withdrawn'), 4) as upheld_share,
                percentile_disc(.5) within group (order by a.minutes) as acknowledgement_median_minutes,
                percentile_disc(.9) within group (order by a.minutes) as acknowledgement_p90_minutes,
                percentile_disc(.5) within group (order by decision_minutes) as decision_median_minutes,
                percentile_disc(.9) within group (order by decision_minutes) as decision_p90_minutes,
                round(avg((r.met_at is not null and (r.breached_at is null or r.excused_at is not null))::int)
                    filter (where r.met_at is not null or r.breached_at is not null or r.due_at < @now), 4) as within_promise,
                count(*) filter (where repeat) as repeats, round(avg(repeat::int), 4) as repeat_share,
                coalesce(sum(refund), 0) as refunds, coalesce(sum(voucher), 0) as vouchers, coalesce(sum(points), 0)::bigint as points,
                count(satisfaction) as answers, round(avg(satisfaction), 2) as satisfaction
            from c left join promises a on a.ticket_id = c.ticket_id and a.clock = '{Promises.Acknowledgement}'
                left join promises r on r.ticket_id = c.ticket_id and r.clock = '{Promises.Resolution}' and r.undone_at is null
                left join (
                    select ticket_id, sum(amount) filter (where kind = 'refund') as refund,
                        sum(amount) filter (where kind = 'voucher') as voucher, sum(amount) filter (where kind = 'points') as points
                    from compensations group by 1) given on given.ticket_id = c.ticket_id
            where c.opened_at >= @from
            group by grouping sets ((), ({by})) order by grouping({by}) desc, count(*) desc, 1 limit 201
            """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "figures/complaints",
                "The complaints that were opened in a period, counted by what they have in common",
                "service-desk.read",
                async (
                    [Description("Complaints that were opened from here on.")] DateTimeOffset from,
                    [Description("Complaints that were opened before here.")] DateTimeOffset until,
                    [Description("cause (if left out), area (of causes), category, channel, severity or tier.")] string? by,
                    NpgsqlDataSource db,
                    DeskRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    by ??= "cause";
                    QueryWord.OneOf("by", by, keys);
                    if (until <= from)
                        throw new BadRequestException("until", "later than from");
                    var parameters = ComplaintRegister.Parameters(from.ToUniversalTime(), until.ToUniversalTime(), rules);
                    parameters.Add("now", clock.GetUtcNow());
                    var rows = await db.Query<ComplaintGroup>(Sql(by), parameters, ct);
                    return new ComplaintFigures(from, until, by, rows[0], [.. rows.Skip(1)]);
                }
            )
            .WithName("GetComplaintFigures")
            .AtOnce(4);
}
