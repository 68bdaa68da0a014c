using CrmPlatform.Customers.Orders;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Customers.Tests;

/// <summary>What a return takes from each category of its purchase.</summary>
public class ReturnedCategoriesTests
{
    static readonly DateTimeOffset at = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
    static readonly Guid id = Guid.CreateVersion7();

    static Order Bought(decimal rate, params (string Product, string? Category, decimal Net)[] lines) =>
        Order.Initial.Evolve(
            new RecordPurchase(
                "shop",
                "1",
                "web",
                rate == 1 ? "USD" : "EUR",
                [.. lines.Select(l => new OrderLine(l.Product, 1, l.Net, l.Category))],
                at,
                Rate: rate
            )
                .Decide(Order.Initial, null, "USD", at)
                .Single()
        );

    static GoodsReturned Back(Order order, decimal? net, params (string Product, decimal Net)[] lines) =>
        (GoodsReturned)
            new ReturnGoods(
                $"r{order.Returns.Count}",
                "store",
                at,
                net,
                lines is [] ? null : [.. lines.Select(l => new ReturnedLine(l.Product, 0, l.Net))]
            )
                .Decide(order, id, at.AddDays(1))
                .Single();

    static (string?, decimal)[] Of(GoodsReturned back) => [.. back.Categories!.Select(c => (c.Category, c.BaseNet))];

    [Fact]
    public void lines_count_for_their_categories_and_the_rest_in_proportion_of_what_is_left()
    {
        var order = Bought(1, ("p1", "toys", 30), ("p2", "books", 60), ("p3", null, 10));
        var toys = Back(order, null, ("p1", 20));
        Of(toys).ShouldBe([("toys", 20)]);
        order = order.Evolve(toys);
        // A quarter of the 80 that no return names.
        var some = Back(order, 20);
        Of(some).ShouldBe([("toys", 2.5m), ("books", 15), (null, 2.5m)]);
        order = order.Evolve(some);
        var rest = Back(order, null);
        Of(rest).ShouldBe([("toys", 7.5m), ("books", 45), (null, 7.5m)]);
        (rest.Wholly, rest.PurchaseChannel, rest.Channel).ShouldBe((true, "web", "store"));
    }

    [Fact]
    public void all_returns_of_a_purchase_take_what_its_lines_made() =>
        Prop.ForAll(
                (
                    from rate in Gen.Elements(1m, 1.0837m, 0.1379m, 161.37m)
                    from cents in Gen.Choose(1, 50_000).ArrayOf(4)
                    from parts in (from line in Gen.Choose(-2, 3) from percent in Gen.Choose(1, 100) select (line, percent)).ArrayOf()
                    select (rate, cents, parts)
                ).ToArbitrary(),
                story =>
                {
                    string?[] categories = ["a", "b", null, "a"];
                    var bought = Bought(story.rate, [.. story.cents.Select((c, i) => ($"p{i}", categories[i], c / 100m))]);
                    var (order, left) = (bought, story.cents.Select(c => c / 100m).ToArray());
                    var taken = new Dictionary<string, decimal>();
                    foreach (var (line, percent) in story.parts.Append((-1, 100)))
                    {
                        var open = order.Purchase!.Net - order.Returned;
                        var net = decimal.Round((line < 0 ? open : Math.Min(open, left[line])) * percent / 100, 2);
                        if (net <= 0)
                            continue;
                        var back = line < 0 ? Back(order, net) : Back(order, null, ($"p{line}", net));
                        if (line >= 0)
                            left[line] -= net;
                        order = order.Evolve(back);
                        foreach (var c in back.Categories!)
                        {
                            c.BaseNet.ShouldBeGreaterThan(0);
                            taken[c.Category ?? ""] = taken.GetValueOrDefault(c.Category ?? "") + c.BaseNet;
                        }
                    }
                    taken.ShouldBe(
                        bought.Purchase!.Lines.GroupBy(l => l.Category ?? "").ToDictionary(g => g.Key, g => g.Sum(l => l.Net * story.rate)),
                        ignoreOrder: true
                    );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
