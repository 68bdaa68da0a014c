using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Xyz;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>Customers of one grade who buy equally steadily.</summary>
/// <param name="Grade"><c>A</c>, <c>B</c> or <c>C</c>.</param>
/// <param name="Xyz"><c>X</c>, <c>Y</c> or <c>Z</c>; null of whom fewer than six months are known.</param>
/// <param name="Customers">How many.</param>
/// <param name="Revenue">Their net revenue as of the run, in the base currency.</param>
public sealed record AbcXyzCell(
    [property: OneOf("A", "B", "C")] string Grade,
    [property: OneOf(null, "X", "Y", "Z")] string? Xyz,
    int Customers,
    decimal Revenue
);

/// <summary>How much customers are worth against how steadily they buy.</summary>
static class GetAbcXyz
{
    static readonly string?[] classes = ["X", "Y", "Z", null];

    public static void Map(CrmService room) =>
        room.MapGet(
                "runs/{id:guid}/abc-xyz",
                "A run's grades by how steadily customers buy",
                "segmentation.read",
                async (Guid id, NpgsqlDataSource db, Business business, CancellationToken ct) =>
                {
                    if (await GetRuns.Find(db, id, ct) is not { } run)
                        return Answer.NotFound("run", id);
                    var measuring = new Measuring(run.By, run.AsOf, run.View, business);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    await using var snapshot = await connection.BeginTransactionAsync(ct);
                    var members = await measuring.ReadAll(snapshot, run.Through, ct);
                    var variations = await MonthlyNet.Variations(connection, null, measuring.Instants, run.Through, business, ct);
                    var abc = run.Scales.Abc;
                    var cells = members
                        .GroupBy(m => (abc.Grade(run.By.Shared(m.Metrics)), Variation.Class(variations[m.Member.CustomerId])))
                        .ToDictionary(c => c.Key, c => (Customers: c.Count(), Revenue: c.Sum(m => (decimal)m.Member.Revenue)));
                    return Results.Ok(
                        from grade in AbcScale.Grades
                        from xyz in classes
                        let cell = cells.GetValueOrDefault((grade, xyz))
                        select new AbcXyzCell(grade, xyz, cell.Customers, Customers.MinorUnits.ToAmount(cell.Revenue, business.Currency))
                    );
                }
            )
            .WithName("GetAbcXyz")
            .Produces<IReadOnlyList<AbcXyzCell>>()
            .AtOnce(2);
}
