namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>The complaints of a period as the register and the figures count them (ISO 10002, 8.1).</summary>
static class ComplaintRegister
{
    /// <summary>A complaint with the same cause of the same person within so long before makes one a repeat.</summary>
    public static readonly TimeSpan RepeatWithin = TimeSpan.FromDays(90);

    /// <summary>
    /// Row <c>c</c> per complaint that was opened in <c>@from</c> to <c>@until</c>. Of a complaint that was solved without a decision the
    /// cause is that of its solution. <c>kept</c> is null while the solution is neither there nor late.
    /// </summary>
    public const string Rows = """
        with areas as (select * from unnest(@causes::text[], @areas::text[]) as a (cause, area)),
        told as (
            select c.ticket_id, c.customer_id, c.category, c.channel, c.opened_at, c.outcome, c.decided_at, c.decision_minutes,
                coalesce(c.cause, t.cause) as cause, t.severity, t.tier, t.status, t.agent, t.satisfaction,
                coalesce(g.survivor_id, c.customer_id) as person
            from complaints c join ticket_list t using (ticket_id) left join customer_groups g on g.customer_id = c.customer_id
            where c.opened_at >= @from::timestamptz - @RepeatWithin and c.opened_at < @until),
        c as (
            select told.*, areas.area, coalesce(told.cause is not null and told.opened_at - lag(told.opened_at) over (
                    partition by person, told.cause order by told.opened_at, ticket_id) < @RepeatWithin, false) as repeat
            from told left join areas on areas.cause = told.cause)
        """;

    public static DynamicParameters Parameters(DateTimeOffset from, DateTimeOffset until, DeskRules rules) =>
        new(
            new
            {
                from,
                until,
                RepeatWithin,
                causes = rules.Causes.Select(c => c.Cause).ToArray(),
                areas = rules.Causes.Select(c => c.Area).ToArray(),
            }
        );
}
