using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Stages;

/// <summary>How long customers stay in a stage.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Stays">Stays that have ended.</param>
/// <param name="MedianDays">Half of these were not longer; null where there are none. Two decimals.</param>
/// <param name="P90Days">Nine of ten of these were not longer; null where there are none. Two decimals.</param>
public sealed record StageDuration(string Stage, long Stays, decimal? MedianDays, decimal? P90Days);

/// <summary>How long customers stay in each stage.</summary>
public static class GetDurations
{
    static readonly string sql = $"""
        with {StageSpans.Sql("")}
        select stage, count(*) as stays,
            round(percentile_cont(0.5) within group (order by extract(epoch from until - occurred_at))::numeric / 86400, 2) as median_days,
            round(percentile_cont(0.9) within group (order by extract(epoch from until - occurred_at))::numeric / 86400, 2) as p90_days
        from spans where until is not null group by stage
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "lifecycle/durations",
                "How many days customers stay in each stage of the lifecycle",
                "segmentation.read",
                async (NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var found = (await db.Query<StageDuration>(sql, null, ct)).ToDictionary(d => d.Stage);
                    return Enum.GetNames<LifecycleStage>()
                        .Select(stage => found.GetValueOrDefault(stage) ?? new(stage, 0, null, null))
                        .ToList();
                }
            )
            .AtOnce(2);
}
