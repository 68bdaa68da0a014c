using System.Text.Json;
using CrmPlatform.Segmentation.BackTests;

namespace CrmPlatform.Segmentation.Tests.BackTests;

public class BackTestLawTests
{
    static readonly DateOnly cut = new(2026, 6, 30);

    // Few different amounts, so that there are equals; enough customers that classes show more than their number.
    static readonly Arbitrary<Order[]> shops = (
        from customer in Gen.Choose(0, 60)
        from day in Gen.Choose(-90, 60)
        from net in Gen.Choose(0, 12)
        select new Order(new(customer, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), cut.AddDays(day), net * 100L)
    )
        .ArrayOf(300)
        .Where(orders => orders.Any(o => o.Day <= cut))
        .ToArbitrary();

    [Fact]
    public void rows_and_shares_add_up_to_one() =>
        Check(orders =>
        {
            var computed = Shops.Test(orders, cut, 60);
            var (view, m) = (Shops.View(computed), computed.Measured);
            var customers = orders.Where(o => o.Day <= cut).Select(o => o.Customer).Distinct().Count();
            view.Customers.ShouldBe(customers);
            foreach (var row in view.Migration.Where(r => r.Customers >= ClassCount.Fewest))
                (row.A + row.B + row.C + row.None).ShouldBe(1);
            m.Moves.Sum(r => r.Customers).ShouldBe(customers);
            var old = orders.Where(o => o.Day <= cut).Select(o => o.Customer).ToHashSet();
            foreach (var scheme in m.Schemes)
            {
                scheme.Classes.Sum(c => c.Customers).ShouldBe(customers);
                scheme.Classes.Sum(c => c.CustomersAtEnd).ShouldBe(orders.Select(o => o.Customer).Distinct().Count());
                scheme.Classes.Sum(c => c.RevenueNow).ShouldBe(orders.Where(o => o.Day <= cut).Sum(o => o.Net));
                scheme.Classes.Sum(c => c.RevenueNext).ShouldBe(orders.Where(o => o.Day > cut && old.Contains(o.Customer)).Sum(o => o.Net));
            }
            m.NewRevenue.ShouldBe(orders.Where(o => o.Day > cut && !old.Contains(o.Customer)).Sum(o => o.Net));
            foreach (var scheme in view.Schemes.Where(s => s.Classes.All(c => c.Customers is 0 or >= ClassCount.Fewest)))
                scheme.Classes.Sum(c => c.ShareOfCustomers ?? 0).ShouldBe(1);
        });

    [Fact]
    public void the_order_of_the_customers_changes_nothing_and_twice_is_the_same() =>
        Check(orders =>
        {
            var bytes = Bytes(orders);
            Bytes(orders).ShouldBe(bytes);
            Bytes([.. orders.Reverse()]).ShouldBe(bytes);
            Bytes([.. orders.OrderBy(o => o.Net)]).ShouldBe(bytes);
        });

    [Fact]
    public void other_permutations_are_drawn_for_another_back_test()
    {
        var (orders, day, days) = Shops.Named("rfm_pkg");
        Shops
            .Test(orders, day, days, seed: NameId.For("another"))
            .Measured.Ranking.RandomLow.ShouldNotBe(Shops.Test(orders, day, days).Measured.Ranking.RandomLow);
    }

    [Fact]
    public void correlation_is_that_of_mean_ranks() =>
        Check(orders =>
        {
            var old = orders.Where(o => o.Day <= cut).ToLookup(o => o.Customer, o => o.Net);
            var next = orders.Where(o => o.Day > cut).ToLookup(o => o.Customer, o => o.Net);
            double[] x = [.. old.Select(c => (double)c.Sum())],
                y = [.. old.Select(c => (double)next[c.Key].Sum())];
            var measured = Shops.Test(orders, cut, 60).Measured.Ranking.Monetary;
            if (x.Distinct().Count() == 1 || y.Distinct().Count() == 1)
                measured.ShouldBeNull();
            else
                measured!.Value.ShouldBe(Pearson(Mean(x), Mean(y)), 1e-9);

            static double[] Mean(double[] v) => [.. v.Select(a => v.Count(b => b < a) + ((v.Count(b => b == a) + 1) / 2.0))];
            static double Pearson(double[] a, double[] b)
            {
                var (ma, mb) = (a.Average(), b.Average());
                var together = a.Zip(b).Sum(p => (p.First - ma) * (p.Second - mb));
                return together / Math.Sqrt(a.Sum(v => (v - ma) * (v - ma)) * b.Sum(v => (v - mb) * (v - mb)));
            }
        });

    [Fact]
    public void who_spends_the_same_shares_the_edge_of_the_best_fifth()
    {
        // Ten customers, all equal at the cut: their best two are any two, so they make a fifth of what follows.
        Order[] orders = [.. Enumerable.Range(0, 10).SelectMany(c => new[] { At(c, -1, 5), At(c, 1, c) })];
        var ranking = Shops.Test(orders, cut, 60).Measured.Ranking;
        (ranking.TopQuintile, ranking.TopDecile, ranking.P, ranking.Monetary).ShouldBe((.2, .1, 1, null));

        static Order At(int customer, int day, long net) => new(new(customer, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), cut.AddDays(day), net);
    }

    [Fact]
    public void where_nobody_came_back_nothing_is_claimed()
    {
        Order[] orders = [.. Enumerable.Range(0, 40).Select(c => new Order(new(c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), cut, c))];
        var view = Shops.View(Shops.Test(orders, cut, 60));
        (view.Verdict, view.RevenueNext, view.Ranking.TopQuintile, view.Ranking.P).ShouldBe(("no-better-than-chance", 0, null, 1));
        view.Schemes[0].Classes.ShouldAllBe(c => c.Lift == null);
    }

    static string Bytes(Order[] orders) => JsonSerializer.Serialize(Shops.Test(orders, cut, 60), EventStoreOptions.Json);

    static void Check(Action<Order[]> law) => Prop.ForAll(shops, law).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
}
