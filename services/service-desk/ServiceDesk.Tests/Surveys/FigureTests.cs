using CrmPlatform.ServiceDesk.Surveys;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>Scores and their intervals, to the digit.</summary>
public sealed class FigureTests
{
    [Theory]
    [InlineData(120, 60, 20, 50.0, 40.0, 58.5)]
    [InlineData(7, 2, 1, 60.0, 7.0, 85.3)]
    [InlineData(10, 0, 0, 100, 47.5, 100)]
    [InlineData(30, 40, 30, 0, -14.9, 14.9)]
    [InlineData(0, 0, 10, -100, -100, -47.5)]
    public void the_net_promoter_score_has_an_adjusted_wald_interval(int p, int passive, int d, double score, double low, double high) =>
        NpsFigure.Of(p, passive, d).ShouldBe(new((decimal)score, (decimal)low, (decimal)high));

    [Fact]
    public void below_ten_answers_there_is_no_net_promoter_score() => NpsFigure.Of(9, 0, 0).ShouldBeNull();

    [Theory]
    [InlineData(84, 100, .8400, .7558, .8990)]
    [InlineData(4, 5, .8, .3755, .9638)]
    [InlineData(10, 10, 1, .7225, 1)]
    public void satisfaction_is_a_share_with_a_wilson_interval(int satisfied, int n, double share, double low, double high)
    {
        var figure = CsatFigure.Of(new Dictionary<int, long> { [5] = satisfied, [2] = n - satisfied })!;
        (figure.Share, figure.Low, figure.High).ShouldBe(((decimal)share, (decimal)low, (decimal)high));
        figure.Mean.ShouldBe(Math.Round((5m * satisfied + 2 * (n - satisfied)) / n, 2));
    }

    [Fact]
    public void effort_has_three_names_and_three_numbers()
    {
        var counts = new Dictionary<int, long>
        {
            [7] = 30,
            [6] = 40,
            [5] = 15,
            [4] = 5,
            [3] = 4,
            [2] = 3,
            [1] = 3,
        };
        CesFigure.Of(counts).ShouldBe(new(5.660m, .2871m, 85.0m, 60.0m));
        CesFigure.Of(new Dictionary<int, long> { [7] = 1 }).ShouldBe(new(7, null, 100, 100));
    }

    [Fact]
    public void without_answers_there_is_nothing()
    {
        CsatFigure.Of(new Dictionary<int, long>()).ShouldBeNull();
        CesFigure.Of(new Dictionary<int, long>()).ShouldBeNull();
    }

    /// <summary>Whatever the answers: the interval holds the score, and both are within the scale.</summary>
    [Fact]
    public void a_score_is_within_its_interval_and_that_within_the_scale() =>
        Prop.ForAll(
                Gen.Choose(0, 500).Three().ToArbitrary(),
                counts =>
                    NpsFigure.Of(counts.Item1, counts.Item2, counts.Item3) is not { } nps
                    || (nps.Low >= -100 && nps.High <= 100 && nps.Low < nps.High && Math.Abs(nps.Score) <= 100)
            )
            .QuickCheckThrowOnFailure();
}
