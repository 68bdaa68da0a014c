namespace CrmPlatform.Segmentation.Needs;

/// <summary>A run over all customers' needs.</summary>
/// <param name="Id">Id of the run.</param>
/// <param name="AsOf">Business day at whose end its 365 days end.</param>
/// <param name="Customers">Customers with an order in the window whose lines are known.</param>
/// <param name="Means">What it measured of each need.</param>
/// <param name="Publishes">Whether customers are judged by it.</param>
/// <param name="MeasuredAt">When it measured.</param>
/// <param name="PublishedAt">When all customers had been told; null until then, and for a run that does not publish.</param>
/// <param name="CustomersChanged">Of how many customers it changed what stands; null until it is published.</param>
public sealed record NeedsRunView(
    Guid Id,
    DateOnly AsOf,
    int Customers,
    IReadOnlyList<NeedMeanView> Means,
    bool Publishes,
    DateTimeOffset MeasuredAt,
    DateTimeOffset? PublishedAt,
    int? CustomersChanged
);

/// <summary>What a run measured of a need.</summary>
/// <param name="Code">The need.</param>
/// <param name="Counted">K: orders of all customers that show it.</param>
/// <param name="Orders">N: orders of all customers.</param>
/// <param name="Judged">Customers with at least five orders.</param>
/// <param name="Mean">m = K / N, rounded to six decimals.</param>
/// <param name="Deviation">σ: standard deviation of the strengths of those who were judged.</param>
/// <param name="Off">True where m is above .9: then it is inferred of nobody.</param>
public sealed record NeedMeanView(string Code, long Counted, long Orders, int Judged, double Mean, double Deviation, bool Off);

/// <summary>The runs that judge customers' needs.</summary>
public static class GetNeedsRuns
{
    public static void Map(CrmService room)
    {
        room.MapGet("needs/runs", "The runs, newest first", "segmentation.read", Runs).WithName("GetNeedsRuns");
        room.MapGet(
                "needs/runs/{id:guid}",
                "One run",
                "segmentation.read",
                async (Guid id, NpgsqlDataSource db, CancellationToken ct) =>
                    await NeedsRunList.Find(db, id, ct) is { } run ? Results.Ok(View(run)) : Answer.NotFound("needs run", id)
            )
            .WithName("GetNeedsRun")
            .Produces<NeedsRunView>();
    }

    static async Task<Page<NeedsRunView>> Runs(NpgsqlDataSource db, int? limit, string? after, CancellationToken ct)
    {
        var (size, (at, id)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
        var rows = await db.Query<NeedsRunRow>(
            $"""
            select {NeedsRunList.Columns} from needs_runs
            where @at::timestamptz is null or (measured_at, run_id) < (@at, @id)
            order by measured_at desc, run_id desc limit @size + 1
            """,
            new
            {
                at,
                id,
                size,
            },
            ct
        );
        return Page.Of(rows, size, View, r => TimeCursor.Of(r.Fact.OccurredAt, r.Id));
    }

    static NeedsRunView View(NeedsRunRow run) =>
        new(
            Id: run.Id,
            AsOf: run.Fact.AsOf,
            Customers: run.Fact.Customers,
            Means:
            [
                .. run.Fact.Scales.Select(s => new NeedMeanView(
                    s.Code,
                    s.Counted,
                    s.Orders,
                    s.Judged,
                    Math.Round(s.Mean, 6),
                    s.Deviation,
                    s.Off
                )),
            ],
            Publishes: run.Fact.Publishes,
            MeasuredAt: run.Fact.OccurredAt,
            PublishedAt: run.PublishedAt,
            CustomersChanged: run.Changed
        );
}
