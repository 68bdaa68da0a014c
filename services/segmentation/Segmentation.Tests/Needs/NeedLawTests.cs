using CrmPlatform.Segmentation.Needs;

namespace CrmPlatform.Segmentation.Tests.Needs;

/// <summary>What holds for every count, run and order of arrival.</summary>
public class NeedLawTests
{
    static readonly Guid customer = Guid.CreateVersion7();
    static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal static void Check(int cases, Action<Random> law) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => law(new(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(cases));

    internal static NeedScale Scale(Random random)
    {
        var orders = random.Next(1, 5_000);
        return new("price", random.Next(orders + 1), orders, 10, .1);
    }

    internal static NeedCount Count(Random random)
    {
        var orders = random.Next(40);
        return new(orders, random.Next(orders + 1));
    }

    [Fact]
    public void bands_are_those_of_the_formula_and_more_discounts_are_no_weaker_need() =>
        Check(
            20_000,
            random =>
            {
                var (scale, count) = (Scale(random), Count(random));
                NeedBand? before = random.Next(3) switch
                {
                    0 => null,
                    1 => NeedBand.Low,
                    _ => NeedBand.High,
                };
                scale.BandOf(count, before).ShouldBe(Plain(scale, count, before));
                if (count.Counted < count.Orders)
                    Rank(scale.BandOf(count with { Counted = count.Counted + 1 }, before))
                        .ShouldBeGreaterThanOrEqualTo(Rank(scale.BandOf(count, before)));
            }
        );

    /// <summary>In fractions that are exact: decimals of the numerators and denominators.</summary>
    static NeedBand? Plain(NeedScale scale, NeedCount count, NeedBand? before)
    {
        var (k, n, all) = ((decimal)count.Counted, (decimal)count.Orders, (decimal)scale.Orders);
        if (n < 5 || scale.Counted / all > .9m)
            return null;
        var times = all * (n + 10);
        var above = ((k * all) + (10 * scale.Counted)) - (scale.Counted * (n + 10));
        if (above >= (before == NeedBand.High ? .20m : .25m) * times)
            return NeedBand.High;
        return above >= (before is null ? .15m : .10m) * times ? NeedBand.Low : null;
    }

    static int Rank(NeedBand? band) => band is { } b ? 1 + (int)b : 0;

    [Fact]
    public void in_whatever_order_they_come_orders_count_the_same() =>
        Check(
            2_000,
            random =>
            {
                var window = new NeedWindow(start.AddDays(100), start.AddDays(465), Through: 50);
                var all = Enumerable
                    .Range(1, 12)
                    .Select(i =>
                        (
                            Id: Guid.CreateVersion7(),
                            At: start.AddDays(random.Next(600)),
                            Sequence: (long)random.Next(60),
                            Discounted: random.Next(2) == 0,
                            Left: random.Next(4),
                            LeftAt: start.AddDays(random.Next(600)),
                            LeftSequence: (long)random.Next(60)
                        )
                    )
                    .ToList();
                var counted = all.FindAll(o =>
                    o.At >= window.From
                    && o.At < window.Until
                    && o.Sequence <= 50
                    && !(o.Left == 0 && o.LeftSequence <= 50)
                    && !(o.Left == 1 && o.LeftSequence <= 50 && o.LeftAt < window.Until)
                );
                for (var again = 0; again < 3; again++)
                {
                    var (orders, left) = (new List<byte>(), new List<byte>());
                    foreach (var o in all.OrderBy(_ => random.Next()))
                    {
                        NeedOrders.Add(orders, o.Id, o.At, o.Sequence, o.Discounted);
                        if (o.Left < 2)
                            NeedOrders.Leave(left, o.Id, o.Left == 0 ? null : o.LeftAt, o.LeftSequence);
                    }
                    var history = new NeedHistory(customer, [], [([.. orders], [.. left])]);
                    history.Count(window).ShouldBe(new(counted.Count, counted.Count(o => o.Discounted)));
                    history
                        .Shown(window)
                        .ShouldBe(counted.Where(o => o.Discounted).OrderByDescending(o => o.At).ThenBy(o => o.Id).Select(o => o.Id));
                }
                var customers = all.Select(o => (o.Id, Count: Count(random))).ToList();
                Measured(customers).ShouldBe(Measured(customers.OrderBy(_ => random.Next())));
            }
        );

    static (string, string) Measured(IEnumerable<(Guid Id, NeedCount Count)> customers)
    {
        var patterns = new NeedPatterns();
        foreach (var (id, count) in customers)
            patterns.Add(id, count);
        return (NeedScale.Of("price", patterns.Counts).ToString(), patterns.Fingerprint);
    }

    [Fact]
    public void who_has_other_numbers_is_another_run() =>
        Check(
            2_000,
            random =>
            {
                var customers = Enumerable.Range(0, 5).Select(i => (Id: Guid.CreateVersion7(), Count: new NeedCount(i + 3, i))).ToList();
                var swapped = customers.Select((c, i) => (c.Id, customers[(i + 1) % 5].Count));
                Measured(swapped).Item1.ShouldBe(Measured(customers).Item1, "of the shop nothing has changed");
                Measured(swapped).Item2.ShouldNotBe(Measured(customers).Item2);
            }
        );
}
