using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.BackTests;

namespace CrmPlatform.Segmentation.Tests.BackTests;

/// <summary>The numbers that an independent script found in three published sets of orders.</summary>
public class PublishedBackTests
{
    const double Close = .0005;

    public static TheoryData<string, string, double[]> Numbers { get; } =
        new()
        {
            // Lift of A, B, C; next share of A; inactive A, B, C; stayed; top quintile; Spearman M, F, R, sum; lift of Champions.
            {
                "completejourney",
                "works",
                [1.7341, .6232, .3431, .7259, .0086, .0323, .1406, .6139, .4559, .6982, .7017, .4971, .7028, 2.257]
            },
            {
                "rfm_pkg",
                "no-better-than-chance",
                [1.0746, .9416, .8705, .5930, .3523, .3636, .3590, .3380, .1854, .0247, .0559, .0430, .0529, .919]
            },
            { "cdnow", "works", [2.1116, .4245, .1780, .8063, .5267, .7762, .8798, .3797, .6626, .3929, .4760, .4416, .4576, 3.622] },
        };

    [Theory, MemberData(nameof(Numbers))]
    public void a_shop_is_measured_as_published(string shop, string verdict, double[] expected)
    {
        var view = View(shop);
        view.Verdict.ShouldBe(verdict);
        var abc = view.Schemes.Single(s => s.Scheme == "abc").Classes;
        var champions = view.Schemes.Single(s => s.Scheme == "segment").Classes.Single(c => c.Class == "Champions");
        double?[] measured =
        [
            .. abc.Select(c => c.Lift),
            (double?)abc[0].ShareNext,
            .. abc.Select(c => c.InactiveNext),
            view.Stayed,
            view.Ranking.TopQuintile,
            view.Ranking.Monetary,
            view.Ranking.Frequency,
            view.Ranking.Recency,
            view.Ranking.Sum,
            champions.Lift,
        ];
        measured.Length.ShouldBe(expected.Length);
        foreach (var (m, e) in measured.Zip(expected))
            m!.Value.ShouldBe(e, Close);
    }

    [Fact]
    public void households_move_between_classes_as_published()
    {
        double[][] expected =
        [
            [.7214, .1922, .0864],
            [.2615, .3769, .3616],
            [.0961, .2324, .6714],
        ];
        foreach (var (row, published) in View("completejourney").Migration.Zip(expected))
        {
            // The script counts who bought nothing as C.
            decimal[] shares = [row.A!.Value, row.B!.Value, row.C!.Value + row.None!.Value];
            foreach (var (share, e) in shares.Zip(published))
                ((double)share).ShouldBe(e, Close);
        }
    }

    [Fact]
    public void a_random_fifth_of_noise_makes_a_fifth()
    {
        var noise = View("rfm_pkg").Ranking;
        var (orders, cut, days) = Shops.Named("rfm_pkg");
        Shops.View(Shops.Test(orders, cut, days)).Verdict.ShouldBe("no-better-than-chance", "by all of its history, too");
        noise.P.ShouldBe(.83, .03);
        noise.RandomLow!.Value.ShouldBe(.172, .005);
        noise.RandomHigh!.Value.ShouldBe(.230, .005);
        View("cdnow").Ranking.P.ShouldBe(.001, Close);
        (noise.TopDecile!.Value, View("cdnow").Ranking.TopDecile!.Value).ShouldBe((.0862, .4811));
    }

    [Fact]
    public void a_small_class_shows_only_its_number()
    {
        var small = View("cdnow").Schemes.Single(s => s.Scheme == "segment").Classes.Single(c => c.Class == "Can't Lose Them");
        (small.Customers, small.ShareOfCustomers, small.RevenueNow, small.Lift, small.InactiveNext).ShouldBe((5, null, null, null, null));
    }

    [Theory]
    [InlineData(new[] { 30, 22, 20, 16, 12 }, .0922, "calm")]
    [InlineData(new[] { 40, 25, 15, 12, 8 }, .3150, "alarm")]
    [InlineData(new[] { 20, 20, 20, 20, 20 }, 0, "calm")]
    [InlineData(new[] { 35, 20, 20, 15, 10 }, .1676, "watch")]
    [InlineData(new[] { 40, 20, 20, 20, 0 }, .8580, "alarm")]
    public void drift_is_the_population_stability_index(int[] now, double psi, string state)
    {
        Drift.Psi([20, 20, 20, 20, 20], now)!.Value.ShouldBe(psi, .00006);
        Drift.State(psi).ShouldBe(state);
    }

    [Theory]
    [InlineData(.009, new[] { 2.0, 1, .5 }, "works")]
    [InlineData(.009, new[] { 2.0, .5, 1 }, "weak")]
    [InlineData(.009, new[] { 2.0, 2, .5 }, "weak")]
    [InlineData(.009, new[] { 1.2 }, "weak")]
    [InlineData(.01, new[] { 2.0, 1, .5 }, "weak")]
    [InlineData(.049, new[] { 2.0, 1, .5 }, "weak")]
    [InlineData(.05, new[] { 2.0, 1, .5 }, "no-better-than-chance")]
    public void the_verdict_follows_from_p_and_lift(double p, double[] lifts, string verdict) =>
        Measured.VerdictOf(p, lifts).ShouldBe(verdict);

    [Theory]
    [InlineData("completejourney", "2017-06-30", 926, 589, 697, .8002, .1500, .0498)]
    [InlineData("cdnow", "1997-09-30", 900, 800, 657, .8002, .1499, .0499)]
    [InlineData("rfm_pkg", "2006-12-31", 607, 228, 160, .8016, .1491, .0493)]
    public void abc_is_as_published(string shop, string asOf, int a, int b, int c, double shareOfA, double shareOfB, double shareOfC)
    {
        var day = DateOnly.ParseExact(asOf, "yyyy-MM-dd");
        long[] revenues = [.. Shops.Named(shop).Orders.Where(o => o.Day <= day).GroupBy(o => o.Customer).Select(g => g.Sum(o => o.Net))];
        var scale = AbcScale.Of(revenues);
        var grades = revenues.ToLookup(scale.Grade);
        (grades["A"].Count(), grades["B"].Count(), grades["C"].Count()).ShouldBe((a, b, c));
        foreach (var (grade, share) in new[] { ("A", shareOfA), ("B", shareOfB), ("C", shareOfC) })
            ((double)grades[grade].Sum() / revenues.Sum()).ShouldBe(share, .00005);
    }

    static BackTestView View(string shop)
    {
        var (orders, cut, days) = Shops.Named(shop);
        return Shops.View(Shops.Test(orders, cut, days, by: shop == "rfm_pkg" ? Shops.OneYear : null));
    }
}
