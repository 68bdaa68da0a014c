namespace CrmPlatform.Segmentation.BackTests;

/// <summary>Back-tests, and one of them with its result.</summary>
public static class GetBackTests
{
    public static void Map(CrmService room)
    {
        room.MapGet(
            "back-tests",
            "Back-tests, newest first",
            "segmentation.read",
            async (NpgsqlDataSource db, int? limit, string? after, CancellationToken ct) =>
            {
                var size = PageLimit.Of(limit);
                var (at, id) = TimeCursor.Parse(after);
                var rows = await db.Query<BackTestSummary>(
                    """
                    select back_test_id as Id, cut, days, measured_by as MeasuredBy, customers, verdict, computed_at as ComputedAt
                    from back_tests where @at::timestamptz is null or (computed_at, back_test_id) < (@at, @id)
                    order by computed_at desc, back_test_id desc limit @size + 1
                    """,
                    new
                    {
                        at,
                        id,
                        size,
                    },
                    ct
                );
                return Page.Of(rows, size, b => TimeCursor.Of(b.ComputedAt, b.Id));
            }
        );
        room.MapGet(
                "back-tests/{id:guid}",
                "One back-test: classes, migration, ranking, verdict",
                "segmentation.read",
                async (Guid id, NpgsqlDataSource db, Business business, CancellationToken ct) =>
                    await BackTestList.Find(db, id, ct) is { } computed
                        ? Results.Ok(BackTestView.Of(id, computed, business))
                        : Answer.NotFound("back-test", id)
            )
            .WithName("GetBackTest")
            .Produces<BackTestView>();
    }
}
