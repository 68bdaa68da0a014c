using System.ComponentModel;
using System.Globalization;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Stages;

/// <summary>A cell of the matrix of transitions.</summary>
/// <param name="From">The stage before; null for those who became known.</param>
/// <param name="To">The stage after.</param>
/// <param name="Changes">How often in the month.</param>
public sealed record StageTransition(string? From, string To, long Changes);

/// <summary>Which stages led to which in a month.</summary>
public static class GetTransitions
{
    static readonly string sql = $"""
        with {StageSpans.Sql("""
            and customer_id in (select customer_id from lifecycle_stage_2 where occurred_at >= @from and occurred_at < @until)
            """)}
        select before as from, stage as to, count(*) as changes from spans where occurred_at >= @from and occurred_at < @until
        group by 1, 2
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "lifecycle/transitions",
                "How often each stage of the lifecycle led to which, in a month",
                "segmentation.read",
                async (
                    [Description("A month of the company's calendar, not in the future: 2026-11; the present one if left out.")]
                        string? month,
                    NpgsqlDataSource db,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var today = business.DayOf(clock.GetUtcNow());
                    var first = today.AddDays(1 - today.Day);
                    if (
                        month is not null
                        && !DateOnly.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out first)
                    )
                        throw new BadRequestException("month", "a month: 2026-11");
                    if (first > today)
                        throw new BadRequestException("month", "not in the future");
                    var rows = await db.Query<StageTransition>(
                        sql,
                        new { from = business.StartOf(first), until = business.StartOf(first.AddMonths(1)) },
                        ct
                    );
                    return rows.OrderBy(r => Rank(r.From)).ThenBy(r => Rank(r.To)).ToList();
                }
            )
            .AtOnce(2);

    static int Rank(string? stage) => stage is null ? -1 : (int)Enum.Parse<LifecycleStage>(stage);
}
