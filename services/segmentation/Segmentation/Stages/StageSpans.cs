namespace CrmPlatform.Segmentation.Stages;

/// <summary>A stage as it was said.</summary>
/// <param name="Reason">A person's reason, as a code; null where nobody decided.</param>
public sealed record StageSaid(string Stage, string Cause, string? Reason, DateTimeOffset OccurredAt);

/// <summary>A time in a stage.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Cause">What began it.</param>
/// <param name="Reason">A person's reason, as a code of their own; null where nobody decided.</param>
/// <param name="From">When it began.</param>
/// <param name="Until">Null while it lasts.</param>
/// <param name="Seconds">So long, until now while it lasts; the seconds of all add up to the customer's age.</param>
public sealed record StageSpan(string Stage, string Cause, string? Reason, DateTimeOffset From, DateTimeOffset? Until, long Seconds);

/// <summary>When a customer was in which stage.</summary>
public static class StageSpans
{
    /// <summary>
    /// What <see cref="Of"/> does, of many customers: <c>said</c> without what was overtaken. A filter of customers goes in the middle.
    /// </summary>
    public static string Sql(string where) =>
        $"""
            kept as (
                select customer_id, seq, stage, occurred_at from (
                    select customer_id, seq, stage, occurred_at, min(occurred_at) over (partition by customer_id order by seq
                        rows between 1 following and unbounded following) as earliest_next
                    from lifecycle_stage_2 where customer_id in (
                        select customer_id from customer_scores where not forgotten and survivor_id is null) {where}) said
                where earliest_next is null or earliest_next >= occurred_at),
            spans as (
                select stage, occurred_at, lead(occurred_at) over w as until, lag(stage) over w as before
                from kept window w as (partition by customer_id order by seq))
            """;

    /// <summary>
    /// One after the other, without a gap. A first purchase may be told with an earlier date than what was said before it; the stages from
    /// that date on are overtaken then.
    /// </summary>
    /// <param name="said">In the order in which they were said.</param>
    public static IReadOnlyList<StageSpan> Of(IEnumerable<StageSaid> said, DateTimeOffset now)
    {
        var kept = new List<StageSaid>();
        foreach (var next in said)
        {
            while (kept.Count > 0 && kept[^1].OccurredAt > next.OccurredAt)
                kept.RemoveAt(kept.Count - 1);
            kept.Add(next);
        }
        return
        [
            .. kept.Select(
                (s, i) =>
                {
                    var until = i + 1 < kept.Count ? kept[i + 1].OccurredAt : default(DateTimeOffset?);
                    return new StageSpan(s.Stage, s.Cause, s.Reason, s.OccurredAt, until, Seconds(s.OccurredAt, until ?? now));
                }
            ),
        ];
    }

    /// <summary>Whole seconds of the clock, so that they add up.</summary>
    public static long Seconds(DateTimeOffset from, DateTimeOffset until) => until.ToUnixTimeSeconds() - from.ToUnixTimeSeconds();
}
