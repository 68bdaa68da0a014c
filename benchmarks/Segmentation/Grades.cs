using System.Diagnostics;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Segmentation.Grading;

namespace CrmPlatform.SegmentationBenchmarks;

/// <summary>Scores and grades by a scheme, beside a loop in floating point that does no more than the formula.</summary>
static class Grades
{
    static readonly GradeScheme scheme = Scheme();

    public static void Measure(Settings settings, List<Row> rows)
    {
        if (!settings.Wants("grades"))
            return;
        var customers = (int)(settings.Events ?? (settings.Quick ? 100_000 : 1_000_000));
        var random = new Random(5);
        double[][] columns =
        [
            .. scheme.Indicators.Select(_ => Enumerable.Range(0, customers).Select(_ => (double)random.Next(100_000)).ToArray()),
        ];
        var plain = Median(settings.Rounds, () => Plain(columns));
        var ours = Median(settings.Rounds, () => Graded(columns));
        var most = 2.0 * customers / 1_000_000;
        rows.Add(new($"grades of {customers:N0} by 6 indicators: a plain loop", "c = 1", $"{plain:0.00} s"));
        rows.Add(
            new(
                $"grades of {customers:N0} by 6 indicators",
                "c = 1",
                $"{ours:0.00} s, {ours / plain:0.0} x plain",
                Goal: $"<= {most:0.##} s",
                Met: ours <= most
            )
        );
        var scorer = GradeScorer.Of(scheme, columns);
        double[] one = [.. columns.Select(c => c[0])];
        var explained = Median(settings.Rounds, () => Enumerable.Range(0, 10_000).Sum(_ => scorer.Explain(one).Score)) * 100;
        rows.Add(new("grades: one customer's contributions", "c = 1", $"{explained:0.0} µs"));
    }

    static int Graded(double[][] columns)
    {
        var (scorer, best) = (GradeScorer.Of(scheme, columns), 0);
        for (var i = 0; i < columns[0].Length; i++)
            if (scheme.GradeOf(scorer.Score(columns, i), "B") == "S")
                best++;
        return best;
    }

    /// <summary>Three clamped quotients, three ranks in a sorted copy, a weighted sum and one cap.</summary>
    static int Plain(double[][] columns)
    {
        double[][] sorted = [.. columns[3..].Select(c => c.Order().ToArray())];
        var (best, n) = (0, columns[0].Length);
        for (var i = 0; i < n; i++)
        {
            var capped = 0.0;
            for (var k = 0; k < 3; k++)
                capped += 0.2 * 100 * Math.Clamp(columns[k][i] / 80_000, 0, 1);
            var score = Math.Min(50, capped);
            for (var k = 0; k < 3; k++)
            {
                var at = Array.BinarySearch(sorted[k], columns[k + 3][i]);
                while (at > 0 && sorted[k][at - 1] == columns[k + 3][i])
                    at--;
                score += 0.4 / 3 * 100 * at / (n - 1);
            }
            if (score >= 60)
                best++;
        }
        return best;
    }

    static double Median<T>(int rounds, Func<T> what)
    {
        var seconds = Enumerable
            .Range(0, rounds)
            .Select(_ =>
            {
                var started = Stopwatch.GetTimestamp();
                what();
                return Stopwatch.GetElapsedTime(started).TotalSeconds;
            })
            .Order()
            .ToList();
        return seconds[rounds / 2];
    }

    static GradeScheme Scheme()
    {
        var source = new IndicatorSource(new PurchaseSource(PurchaseMeasure.Count));
        Indicator[] capped =
        [
            .. Enumerable.Range(0, 3).Select(i => new Indicator($"m{i}", source, 0.2m, IndicatorNorm.MinMax, 0, 80_000, Group: "capped")),
        ];
        decimal[] weights = [0.133333333m, 0.133333333m, 0.133333334m];
        return new()
        {
            Code = "bench",
            Name = "Bench",
            Indicators = [.. capped, .. weights.Select((w, i) => new Indicator($"p{i}", source, w, IndicatorNorm.Percentile))],
            Groups = [new("capped", 50)],
            Grades = [new("S", 60), new("A", 40), new("B", 20), new("C", 0)],
        };
    }
}
