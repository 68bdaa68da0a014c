using CrmPlatform.Segmentation.Grading;

namespace CrmPlatform.Segmentation.Tests.Grading;

public class GradeScorerTests
{
    static readonly Config hundredThousand = Config.QuickThrowOnFailure.WithMaxTest(100_000);

    [Fact]
    public void the_worked_example_has_its_contributions_and_its_grade()
    {
        var scheme = Schemes.Worked;
        var scorer = GradeScorer.Of(
            scheme,
            [
                [12],
                [8_600],
                [1_500],
                [1],
            ]
        );
        var (score, parts) = scorer.Explain([12, 8_600, 1_500, 1]);
        score.ShouldBe(61.90m);
        parts.Select(p => p.Norm).ShouldBe([60, 86, 37.5m, 20]);
        parts.Select(p => p.Contribution).ShouldBe([18.00m, 34.40m, 7.50m, 2.00m]);
        scheme.GradeOf(score, null).ShouldBe("A");
    }

    [Theory]
    [InlineData(58.50, "A", "A")]
    [InlineData(58.00, "A", "A")]
    [InlineData(57.99, "A", "B")]
    [InlineData(58.50, "B", "B")]
    [InlineData(60.00, "B", "A")]
    [InlineData(80.00, "C", "S")]
    [InlineData(59.00, "S", "A")]
    [InlineData(57.99, "S", "B")]
    [InlineData(0, "S", "C")]
    [InlineData(58.50, null, "B")]
    [InlineData(58.50, "Gold", "B")]
    public void a_grade_is_lost_two_points_below_its_beginning(double score, string? before, string grade) =>
        Schemes.Worked.GradeOf((decimal)score, before).ShouldBe(grade);

    [Fact]
    public void of_two_with_one_score_who_was_better_before_is_not_worse_now() =>
        Prop.ForAll(
                Gen.Choose(0, 10_000).ToArbitrary(),
                score =>
                {
                    string[] order = ["S", "A", "B", "C"];
                    var now = order.Select(before => Array.IndexOf(order, Schemes.Worked.GradeOf(score / 100m, before))).ToList();
                    return now.Zip(now.Skip(1)).All(p => p.First <= p.Second)
                        && order.All(g => Schemes.Worked.GradeOf(score / 100m, g) is var n && Schemes.Worked.GradeOf(score / 100m, n) == n);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void contributions_add_up_to_the_score_exactly() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var (scheme, columns) = Schemes.Random(seed);
                    var scorer = GradeScorer.Of(scheme, columns);
                    var (score, parts) = scorer.Explain([.. columns.Select(c => c[0])]);
                    return score == scorer.Score(columns, 0)
                        && parts.Sum(p => p.Contribution) == score
                        && score is >= 0 and <= 100
                        && parts.All(p => p.Contribution >= 0 && p.Contribution <= decimal.Ceiling(p.Points * 100) / 100);
                }
            )
            .Check(hundredThousand);

    [Fact]
    public void a_score_is_the_sum_of_capped_groups_of_weighted_norms() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var (scheme, columns) = Schemes.Random(seed);
                    var score = GradeScorer.Of(scheme, columns).Score(columns, 0);
                    return Math.Abs(PlainScore.Of(scheme, columns) - (double)score) < 0.00501;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void a_better_number_never_lowers_the_score() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                Gen.Choose(0, 19).ToArbitrary(),
                Gen.Choose(0, 5_000).ToArbitrary(),
                (seed, which, more) =>
                {
                    var (scheme, columns) = Schemes.Random(seed, Direction.Up);
                    var scorer = GradeScorer.Of(scheme, columns);
                    double[] values = [.. columns.Select(c => c[0])];
                    var before = scorer.Score(values);
                    values[which % values.Length] += more / 100.0;
                    return scorer.Score(values) >= before;
                }
            )
            .Check(hundredThousand);

    [Fact]
    public void the_order_of_customers_and_of_indicators_means_nothing() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var (scheme, columns) = Schemes.Random(seed);
                    double[] mine = [.. columns.Select(c => c[0])];
                    var (score, parts) = GradeScorer.Of(scheme, columns).Explain(mine);
                    var turned = scheme with { Indicators = [.. scheme.Indicators.Reverse()] };
                    var scorer = GradeScorer.Of(turned, [.. columns.Reverse().Select(c => c.Reverse().ToArray())]);
                    var (other, reversed) = scorer.Explain([.. mine.Reverse()]);
                    return score == other && parts.SequenceEqual(reversed.Reverse());
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void of_equal_remainders_the_first_by_its_id_has_more()
    {
        var scheme = Schemes.Of(Schemes.MinMax("b", 0.5m, 0, 10_000), Schemes.MinMax("a", 0.5m, 0, 10_000));
        var (score, parts) = GradeScorer
            .Of(
                scheme,
                [
                    [3_333],
                    [3_333],
                ]
            )
            .Explain([3_333, 3_333]);
        (score, parts[0].Contribution, parts[1].Contribution).ShouldBe((33.33m, 16.66m, 16.67m));
    }

    [Fact]
    public void what_is_skipped_spreads_its_weight_and_a_cap_shares_out_its_points()
    {
        var scheme = Schemes.Of(
            Schemes.MinMax("a", 0.5m, 0, 10) with
            {
                Missing = MissingValue.Skip,
            },
            Schemes.MinMax("b", 0.3m, 0, 10) with
            {
                Group = "capped",
            },
            Schemes.MinMax("c", 0.2m, 0, 10) with
            {
                Group = "capped",
            }
        ) with
        {
            Groups = [new("capped", 20)],
        };
        var scorer = GradeScorer.Of(
            scheme,
            [
                [1],
                [1],
                [1],
            ]
        );
        scorer.Score([10, 10, 10]).ShouldBe(70);
        var (score, parts) = scorer.Explain([double.NaN, 10, 5]);
        score.ShouldBe(20);
        parts.Select(p => p.Weight).ShouldBe([0, 0.6m, 0.4m]);
        parts.Select(p => p.Points).ShouldBe([0, 60, 20]);
        parts.Select(p => p.Contribution).ShouldBe([0, 15, 5]);
        scorer.Score([double.NaN, 0, 0]).ShouldBe(0);
    }
}
