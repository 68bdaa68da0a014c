using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Tests.Rfm;

public class RfmScaleTests
{
    static readonly DateOnly asOf = new(2026, 11, 22);

    static readonly Arbitrary<Metrics[]> populations = (
        from days in Gen.Choose(0, 30)
        from orders in Gen.Choose(1, 12)
        from revenue in Gen.Choose(-3, 40)
        select new Metrics(asOf.AddDays(-days), orders, revenue)
    )
        .NonEmptyListOf()
        .Select(l => l.ToArray())
        .ToArbitrary();

    [Fact]
    public void score_is_one_plus_five_times_the_share_that_is_strictly_worse() =>
        Prop.ForAll(
                populations,
                population =>
                {
                    var scale = RfmScale.Of(asOf, population);
                    var n = population.Length;
                    return population.All(c =>
                        scale.Score(c)
                        == new RfmScores(
                            1 + (5 * population.Count(o => o.LastOrder < c.LastOrder) / n),
                            1 + (5 * population.Count(o => o.Orders < c.Orders) / n),
                            1 + (5 * population.Count(o => o.Revenue < c.Revenue) / n)
                        )
                    );
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void order_of_the_population_means_nothing() =>
        Prop.ForAll(populations, population => RfmScale.Of(asOf, [.. population.Reverse()]).Equals(RfmScale.Of(asOf, population)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void better_is_never_scored_lower_and_a_stranger_is_scored_one_to_five() =>
        Prop.ForAll(
                populations,
                Gen.Choose(-5, 60).Two().ToArbitrary(),
                (population, pair) =>
                {
                    var (less, more) = (Math.Min(pair.Item1, pair.Item2), Math.Max(pair.Item1, pair.Item2));
                    var scale = RfmScale.Of(asOf, population);
                    var (worse, better) = (
                        scale.Score(new(asOf.AddDays(less - 40), less, less)),
                        scale.Score(new(asOf.AddDays(more - 40), more, more))
                    );
                    return worse.Recency <= better.Recency
                        && worse.Frequency <= better.Frequency
                        && worse.Monetary <= better.Monetary
                        && new[] { worse.Recency, better.Recency, worse.Monetary, better.Monetary }.All(s => s is >= 1 and <= 5);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void five_times_k_different_customers_give_k_per_score()
    {
        var population = Enumerable.Range(0, 35).Select(i => new Metrics(asOf.AddDays(-i), 100 - i, 1000 - i)).ToArray();
        var scale = RfmScale.Of(asOf, population);
        population
            .Select(scale.Score)
            .GroupBy(s => s)
            .ToDictionary(g => g.Key, g => g.Count())
            .ShouldBe(Enumerable.Range(1, 5).ToDictionary(k => new RfmScores(k, k, k), _ => 7), ignoreOrder: true);
    }

    [Fact]
    public void ties_share_a_score()
    {
        // F = 60×1, 20×2, 10×3, 6×5, 4×9: sequences of quantiles would leave scores out of reach or split equals.
        var population = new[] { (1, 60), (2, 20), (3, 10), (5, 6), (9, 4) }
            .SelectMany(f => Enumerable.Repeat(new Metrics(asOf, f.Item1, 1), f.Item2))
            .ToArray();
        var scale = RfmScale.Of(asOf, population);
        new[] { 1, 2, 3, 5, 9 }.Select(f => scale.Score(new(asOf, f, 1)).Frequency).ShouldBe([1, 4, 5, 5, 5]);
    }

    [Fact]
    public void one_customer_alone_scores_one()
    {
        RfmScale.Of(asOf, [new(asOf, 3, 100)]).Score(new(asOf, 3, 100)).ShouldBe(new(1, 1, 1));
    }

    [Fact]
    public void a_score_does_not_age_between_runs()
    {
        var scale = RfmScale.Of(asOf, [.. Enumerable.Range(0, 10).Select(i => new Metrics(asOf.AddDays(-i), 1, 1))]);
        scale.Score(new(asOf, 1, 1)).Recency.ShouldBe(5);
        scale.Score(new(asOf.AddDays(40), 1, 1)).Recency.ShouldBe(5, "a purchase after the run is at least as recent as any in it");
    }

    [Fact]
    public void eight_types_are_read_from_the_means()
    {
        var scale = RfmScale.Of(asOf, [new(asOf, 10, 1000), new(asOf.AddDays(-20), 2, 200)]);
        scale.ChineseType(new(asOf, 10, 1000)).ShouldBe("重要价值");
        scale.ChineseType(new(asOf.AddDays(-20), 10, 1000)).ShouldBe("重要保持");
        scale.ChineseType(new(asOf, 2, 1000)).ShouldBe("重要发展");
        scale.ChineseType(new(asOf.AddDays(-20), 2, 1000)).ShouldBe("重要挽留");
        scale.ChineseType(new(asOf, 10, 1)).ShouldBe("一般价值");
        scale.ChineseType(new(asOf.AddDays(-20), 2, 1)).ShouldBe("一般挽留");
        scale.ChineseType(new(asOf.AddDays(-10), 6, 600)).ShouldBe("重要价值", "the mean itself counts as near, often and much");
    }
}
