namespace CrmPlatform.Segmentation.Tests.Definitions;

/// <summary>Edges, tables and thresholds of one's own, on the orders of the R package rfm.</summary>
public sealed class OwnScaleTests(RfmShop shop) : IClassFixture<RfmShop>
{
    [Fact]
    public async Task fixed_edges_and_a_table_of_ones_own_name_each_customer()
    {
        var table = new (string Name, int[] R, int[] F, int[] M)[]
        {
            ("Champions", [4, 5], [4, 5], [4, 5]),
            ("Loyal Customers", [2, 5], [3, 5], [3, 5]),
            ("Potential Loyalist", [3, 5], [1, 3], [1, 3]),
            ("New Customers", [4, 5], [1, 1], [1, 1]),
            ("Promising", [3, 4], [1, 1], [1, 1]),
            ("Need Attention", [2, 3], [2, 3], [2, 3]),
            ("About To Sleep", [2, 3], [1, 2], [1, 2]),
            ("At Risk", [1, 2], [2, 5], [2, 5]),
            ("Can't Lose Them", [1, 1], [4, 5], [4, 5]),
            ("Lost", [1, 2], [1, 2], [1, 2]),
        };
        await shop.Publish(
            "r-package",
            new
            {
                name = "The table of the R package",
                edges = new
                {
                    recencyDays = new[] { 480, 297, 180, 115 },
                    frequency = new[] { 4, 5, 6, 8 },
                    monetary = new[] { 256m, 382m, 506m, 666m },
                },
                weights = new
                {
                    recency = .2m,
                    frequency = .2m,
                    monetary = .6m,
                },
                segments = table.Select(s => new
                {
                    name = s.Name,
                    recency = Range(s.R),
                    frequency = Range(s.F),
                    monetary = Range(s.M),
                }),
            }
        );
        var (run, scores) = await shop.Measure(new { asOf = RfmOrders.AsOf, definition = "r-package" });
        foreach (var customer in RfmOrders.All.GroupBy(o => o.Customer))
        {
            var days = RfmOrders.AsOf.DayNumber - customer.Max(o => o.Day.DayNumber);
            var r = 1 + new[] { 480, 297, 180, 115 }.Count(e => days <= e);
            var f = 1 + new[] { 4, 5, 6, 8 }.Count(e => customer.Count() >= e);
            var m = 1 + new[] { 256, 382, 506, 666 }.Count(e => customer.Sum(o => o.Net) >= 100 * e);
            var score = scores.Single(s => s.GetProperty("customerId").GetGuid() == customer.Key);
            RfmShop.Points(score).ShouldBe((r, f, m));
            score.GetProperty("index").GetDecimal().ShouldBe((r + f + 3 * m) / 5m);
            var segment = table.FirstOrDefault(s => In(s.R, r) && In(s.F, f) && In(s.M, m)).Name ?? "Others";
            score.GetProperty("segment").GetString().ShouldBe(segment);
        }
        var counts = run.GetProperty("counts").GetProperty("segments");
        counts.EnumerateObject().Sum(c => c.Value.GetInt32()).ShouldBe(995);
        counts.EnumerateObject().Count().ShouldBe(11);

        static object Range(int[] of) => new { from = of[0], to = of[1] };
        static bool In(int[] of, int score) => score >= of[0] && score <= of[1];
    }

    [Fact]
    public async Task grades_may_share_out_orders_by_other_thresholds()
    {
        await shop.Publish(
            "orders",
            new
            {
                name = "Orders",
                abcMeasure = "orders",
                shareOfA = .7,
                shareOfB = .9,
            }
        );
        var (run, scores) = await shop.Measure(new { asOf = RfmOrders.AsOf, definition = "orders" });
        var (total, before, grades) = (RfmOrders.All.Count, 0, new Dictionary<Guid, string>());
        foreach (var equals in RfmOrders.All.GroupBy(o => o.Customer).GroupBy(c => c.Count()).OrderByDescending(c => c.Key))
        {
            foreach (var customer in equals)
                grades[customer.Key] =
                    before < .7m * total ? "A"
                    : before < .9m * total ? "B"
                    : "C";
            before += equals.Sum(c => c.Count());
        }
        foreach (var score in scores)
            score.GetProperty("grade").GetString().ShouldBe(grades[score.GetProperty("customerId").GetGuid()]);
        run.GetProperty("abc").GetProperty("a").GetInt64().ShouldBe(grades.Keys.Where(c => grades[c] == "A").Min(Orders));

        static int Orders(Guid customer) => RfmOrders.All.Count(o => o.Customer == customer);
    }
}
