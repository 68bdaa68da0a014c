using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Rfm;
using CrmPlatform.Segmentation.Xyz;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>What a run said of a customer.</summary>
/// <param name="Recency">Score of the last net order's date, 1 to 5; 5 is the most recent.</param>
/// <param name="Frequency">Score of the number of net orders, 1 to 5; 5 is the most.</param>
/// <param name="Monetary">Score of the net revenue, 1 to 5; 5 is the most.</param>
/// <param name="Index">The weighted mean of the three scores, 1 to 5.</param>
/// <param name="Segment">Name of the segment in the definition's table, the 5×5 grid by default: <c>Champions</c>.</param>
/// <param name="ChineseType">One of the eight types: <c>重要价值</c>.</param>
/// <param name="Grade"><c>A</c>, <c>B</c> or <c>C</c>, by share of revenue, or of orders where the definition says so. That of the
/// customer may be another one until the next run finds the same.</param>
/// <param name="Xyz">How steadily the customer buys: <c>X</c>, <c>Y</c> or <c>Z</c>; null with fewer than six months since the first
/// order.</param>
/// <param name="Variation">Coefficient of variation of the net revenue of the last twelve calendar months.</param>
/// <param name="LastOrder">Business day of the last net order.</param>
/// <param name="Orders">Net orders as of the run, or business days with one where the definition counts days.</param>
/// <param name="Revenue">Net revenue as of the run, in the base currency.</param>
public sealed record RunScore(
    Guid CustomerId,
    int Recency,
    int Frequency,
    int Monetary,
    decimal Index,
    string Segment,
    string ChineseType,
    string Grade,
    [property: OneOf(null, "X", "Y", "Z")] string? Xyz,
    double? Variation,
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
                    var measuring = new Measuring(run.By, run.AsOf, run.View, business);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    var members = await measuring.Read(connection, run.Through, ct, customer, after, size + 1);
                    Guid[] ids = [.. members.Select(m => m.Member.CustomerId)];
                    var variations = await MonthlyNet.Variations(connection, ids, measuring.Instants, run.Through, business, ct);
                    var (rfm, abc) = run.Scales;
                    return Results.Ok(Page.Of(members, size, Score, m => m.Member.CustomerId.ToString()));

                    RunScore Score((Member Member, Metrics Metrics) m) =>
                        GetScores.Score(m.Member, m.Metrics, variations[m.Member.CustomerId], rfm, abc, run.By, business);
                }
            )
            .Produces<Page<RunScore>>()
            .AtOnce(4);

    static RunScore Score(Member m, Metrics metrics, double? variation, RfmScale rfm, AbcScale abc, RunDefinition by, Business business)
    {
        var s = rfm.Score(metrics);
        return new(
            CustomerId: m.CustomerId,
            Recency: s.Recency,
            Frequency: s.Frequency,
            Monetary: s.Monetary,
            Index: by.Weights.Index(s),
            Segment: by.SegmentOf(s),
            ChineseType: rfm.ChineseType(metrics),
            Grade: abc.Grade(by.Shared(metrics)),
            Xyz: Variation.Class(variation),
            Variation: variation is { } v ? Math.Round(v, 4) : null,
            LastOrder: metrics.LastOrder,
            Orders: metrics.Orders,
            Revenue: MinorUnits.ToAmount(m.Revenue, business.Currency)
        );
    }
}
