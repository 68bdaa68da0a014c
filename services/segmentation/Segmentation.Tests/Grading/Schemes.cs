using CrmPlatform.Segmentation.Grading;

namespace CrmPlatform.Segmentation.Tests.Grading;

/// <summary>Schemes to grade by, and numbers of customers.</summary>
static class Schemes
{
    static readonly IndicatorSource any = new(new PurchaseSource(PurchaseMeasure.Count));
    static readonly GradeFrom[] grades = [new("S", 80), new("A", 60), new("B", 40), new("C", 0)];

    public static Indicator MinMax(string id, decimal weight, decimal lo, decimal hi) => new(id, any, weight, IndicatorNorm.MinMax, lo, hi);

    public static Indicator Percentile(string id, decimal weight, Direction direction = Direction.Up) =>
        new(id, any, weight, IndicatorNorm.Percentile, Direction: direction);

    public static GradeScheme Of(params Indicator[] indicators) =>
        new()
        {
            Code = "test",
            Name = "Test",
            Indicators = indicators,
            Grades = grades,
        };

    /// <summary>The worked example of the papers.</summary>
    public static GradeScheme Worked { get; } =
        Of(
            MinMax("frequency", 0.30m, 0, 20),
            MinMax("amount", 0.40m, 0, 10_000),
            MinMax("profit", 0.20m, 0, 4_000),
            MinMax("referrals", 0.10m, 0, 5)
        );

    /// <summary>Up to 20 indicators of every kind with groups and caps, and 2 to 30 customers of whom not everything is known.</summary>
    public static (GradeScheme Scheme, double[][] Columns) Random(int seed, Direction? direction = null, MissingValue? missing = null)
    {
        var random = new Random(seed);
        var n = random.Next(1, 21);
        // Billionths, none of them zero.
        var cuts = Enumerable.Range(0, n - 1).Select(_ => random.Next(1, 1_000_000_000)).Append(0).Append(1_000_000_000).Order().ToArray();
        var groups = Enumerable
            .Range(0, random.Next(0, 4))
            .Select(g => new IndicatorGroup($"g{g}", random.Next(1, 10_001) / 100m))
            .ToList();
        var indicators = Enumerable
            .Range(0, n)
            .Select(i => new Indicator(
                $"i{i}",
                any,
                (cuts[i + 1] - cuts[i]) / 1_000_000_000m,
                (IndicatorNorm)random.Next(2),
                random.Next(-10, 10),
                random.Next(10, 100),
                direction ?? (Direction)random.Next(2),
                random.Next(4) is var g && g < groups.Count ? groups[g].Id : null,
                missing ?? (MissingValue)random.Next(3)
            ))
            .ToArray();
        var customers = random.Next(2, 31);
        double[][] columns =
        [
            .. indicators.Select(_ =>
                Enumerable.Range(0, customers).Select(_ => random.Next(6) == 0 ? double.NaN : random.Next(-2_000, 12_000) / 100.0).ToArray()
            ),
        ];
        return (Of(indicators) with { Groups = groups }, columns);
    }
}
