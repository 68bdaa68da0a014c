using System.ComponentModel;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Segments;

/// <summary>How many customers are in each stage of the lifecycle, now or as it was said by the end of a day.</summary>
public static class GetStages
{
    static readonly string[] names = Enum.GetNames<LifecycleStage>();

    const string Sql = """
        select stage, count(*) from (
            select distinct on (customer_id) customer_id, stage from lifecycle_stage_2 where occurred_at < @until
            order by customer_id, seq desc) said
        where not exists (
            select from customer_scores s where s.customer_id = said.customer_id and (s.forgotten or s.survivor_id is not null))
        group by 1
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
            "lifecycle",
            "How many customers are in each stage of the lifecycle, now or as of the end of a day",
            "segmentation.read",
            async (
                [Description("As of the end of this business day, not in the future; now if left out.")] DateOnly? asOf,
                NpgsqlDataSource db,
                Business business,
                TimeProvider clock,
                CancellationToken ct
            ) =>
            {
                if (asOf is not { } day)
                    return await GetSegments.Table(db, "stage", names, ct);
                if (day > business.DayOf(clock.GetUtcNow()))
                    throw new BadRequestException("asOf", "not in the future");
                return GetSegments.Rows(await GetSegments.Counted(db, Sql, new { until = business.StartOf(day.AddDays(1)) }, names, ct));
            }
        );
}
