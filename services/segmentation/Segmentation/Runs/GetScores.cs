using System.Globalization;
using System.Text.Json;
using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>What a run said of a customer.</summary>
/// <param name="Recency">Score of the last net order's date, 1 to 5; 5 is the most recent.</param>
/// <param name="Frequency">Score of the number of net orders, 1 to 5; 5 is the most.</param>
/// <param name="Monetary">Score of the net revenue, 1 to 5; 5 is the most.</param>
/// <param name="Segment">Name of the segment in the 5×5 grid: <c>Champions</c>.</param>
/// <param name="ChineseType">One of the eight types: <c>重要价值</c>.</param>
/// <param name="Grade"><c>A</c>, <c>B</c> or <c>C</c>, by share of revenue.</param>
/// <param name="LastOrder">Business day of the last net order.</param>
/// <param name="Orders">Net orders as of the run.</param>
/// <param name="Revenue">Net revenue as of the run, in the base currency.</param>
public sealed record RunScore(
    Guid CustomerId,
    int Recency,
    int Frequency,
    int Monetary,
    string Segment,
    string ChineseType,
    string Grade,
    DateOnly LastOrder,
    long Orders,
    decimal Revenue
);

/// <summary>The scores that a run gave.</summary>
public static class GetScores
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "runs/{id:guid}/scores",
                "The scores of a run, computed again from its cut-off values and the purchases that it counted",
                "segmentation.read",
                async (Guid id, NpgsqlDataSource db, Business business, Guid? customer, int? limit, Guid? after, CancellationToken ct) =>
                {
                    var size = PageLimit.Of(limit);
                    if (await GetRuns.Find(db, id, ct) is not { } run)
                        return Answer.NotFound("run", id);
                    var (rfm, abc) = run.Scales;
                    var until = business.StartOf(run.AsOf.AddDays(1));
                    await using var connection = await db.OpenConnectionAsync(ct);
                    var members = await Population.Read(
                        connection,
                        until,
                        run.View == Scoring.Corrected ? DateTimeOffset.MaxValue : until,
                        run.Through,
                        ct,
                        customer,
                        after,
                        size + 1
                    );
                    return Results.Ok(
                        Page.Of(members, size, m => Score(m, m.Metrics(business), rfm, abc, business), m => m.CustomerId.ToString())
                    );
                }
            )
            .Produces<Page<RunScore>>()
            .AtOnce(4);

    static RunScore Score(Member m, Metrics metrics, RfmScale rfm, AbcScale abc, Business business)
    {
        var s = rfm.Score(metrics);
        return new(
            CustomerId: m.CustomerId,
            Recency: s.Recency,
            Frequency: s.Frequency,
            Monetary: s.Monetary,
            Segment: SegmentGrid.Of(s),
            ChineseType: rfm.ChineseType(metrics),
            Grade: abc.Grade(m.Revenue),
            LastOrder: metrics.LastOrder,
            Orders: m.Orders,
            Revenue: MinorUnits.ToAmount(m.Revenue, business.Currency)
        );
    }
}
