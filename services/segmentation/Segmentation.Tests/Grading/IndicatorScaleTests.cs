using CrmPlatform.Segmentation.Grading;

namespace CrmPlatform.Segmentation.Tests.Grading;

public class IndicatorScaleTests
{
    [Fact]
    public void the_third_of_five_has_a_percentile_of_50()
    {
        var scheme = Schemes.Of(Schemes.Percentile("rank", 1));
        double[][] columns =
        [
            [10, 20, 30, 40, 50],
        ];
        var scorer = GradeScorer.Of(scheme, columns);
        Enumerable.Range(0, 5).Select(i => scorer.Score(columns, i)).ShouldBe([0, 25, 50, 75, 100]);
        scorer.Score([35]).ShouldBe(50, "a stranger stands where the next worse one does");
        var down = GradeScorer.Of(Schemes.Of(Schemes.Percentile("rank", 1, Direction.Down)), columns);
        Enumerable.Range(0, 5).Select(i => down.Score(columns, i)).ShouldBe([100, 75, 50, 25, 0]);
        GradeScorer
            .Of(
                scheme,
                [
                    [7],
                ]
            )
            .Score([7])
            .ShouldBe(0, "nobody is worse than one alone");
    }

    [Fact]
    public void a_percentile_of_many_is_at_most_a_hundredth_too_low()
    {
        var random = new Random(3);
        var scheme = Schemes.Of(Schemes.Percentile("rank", 1));
        // Half of all have one number, so that a step is long.
        double[] values = [.. Enumerable.Range(0, 60_000).Select(i => i % 2 == 0 ? 500_000 : random.Next(1_000_000))];
        var scale = IndicatorScale.Of(scheme.Indicators[0], values);
        scale.CutOffs.Count.ShouldBeLessThanOrEqualTo(IndicatorScale.Most);
        var sorted = values.Order().ToArray();
        foreach (var i in Enumerable.Range(0, 2_000).Select(_ => random.Next(sorted.Length)))
        {
            var exact = 100.0 * Array.FindIndex(sorted, v => v >= sorted[i]) / (sorted.Length - 1);
            (exact - (scale.Norm(scheme.Indicators[0], sorted[i]) / 1e7)).ShouldBeInRange(-1e-6, 0.0101);
        }
    }
}
