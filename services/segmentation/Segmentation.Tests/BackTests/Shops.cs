using System.Globalization;
using System.IO.Compression;
using CrmPlatform.Segmentation.BackTests;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Rfm;
using CrmPlatform.Segmentation.Tests.Definitions;
using CrmPlatform.Segmentation.Tests.Lifetime;

namespace CrmPlatform.Segmentation.Tests.BackTests;

/// <summary>An order: net in minor units.</summary>
public readonly record struct Order(Guid Customer, DateOnly Day, long Net);

/// <summary>Three published sets of orders, and what is measured of them without the room.</summary>
static class Shops
{
    static readonly Business business = new() { TimeZone = "America/New_York", Currency = "USD" };

    public static IReadOnlyList<Order> Households { get; } = [.. ReadHouseholds()];

    public static IReadOnlyList<Order> Rfm { get; } = [.. RfmOrders.All.Select(o => new Order(o.Customer, o.Day, o.Net))];

    public static IReadOnlyList<Order> Discs { get; } =
    [.. Cdnow.Purchases.SelectMany((bought, c) => bought.Select(p => new Order(CdnowShop.Id(c), p.Day, (long)(p.Amount * 100))))];

    public static (IReadOnlyList<Order> Orders, DateOnly Cut, int Days) Named(string name) =>
        name switch
        {
            "completejourney" => (Households, new(2017, 6, 30), 184),
            "rfm_pkg" => (Rfm, new(2005, 12, 31), 365),
            _ => (Discs, new(1997, 9, 30), 273),
        };

    /// <summary>The script looked at 2005 alone.</summary>
    public static RunDefinition OneYear { get; } =
        new()
        {
            Code = "year",
            Name = "One year",
            WindowDays = 365,
        };

    public static BackTestView View(BackTestComputed computed) => BackTestView.Of(Guid.Empty, computed, business);

    public static BackTestComputed Test(IReadOnlyList<Order> orders, DateOnly cut, int days, Guid? seed = null, RunDefinition? by = null)
    {
        var (period, end) = (new Period(by ?? RunDefinition.Default, cut, days, business), cut.AddDays(days));
        var (now, next) = (Until(cut, period.By.WindowDays), Until(end, days));
        List<Bought> all =
        [
            .. orders
                .Select(o => o.Customer)
                .Distinct()
                .Select(c => new Bought(c, Of(now, c), Of(next, c)))
                .Where(b => b.Now is not null || b.Next is not null),
        ];
        Metrics[] atEnd = [.. Until(end, period.By.WindowDays).Values];
        var measured = Measured.Of(period, all, atEnd, seed ?? new("b8000000-0000-5000-8000-000000000000"));
        return new(cut, days, "test", period.By, measured, orders.Count, 0, 0, default);

        Dictionary<Guid, Metrics> Until(DateOnly day, int? window) =>
            orders
                .Where(o => o.Day <= day && !(day.DayNumber - o.Day.DayNumber >= window))
                .GroupBy(o => o.Customer)
                .ToDictionary(c => c.Key, c => new Metrics(c.Max(o => o.Day), c.Count(), c.Sum(o => o.Net)));
    }

    static Metrics? Of(Dictionary<Guid, Metrics> metrics, Guid customer) => metrics.TryGetValue(customer, out var m) ? m : null;

    static IEnumerable<Order> ReadHouseholds()
    {
        var path = Path.Combine(TestServers.Root, "services/segmentation/Segmentation.Tests/data/completejourney.csv.gz");
        using var file = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        file.ReadLine();
        while (file.ReadLine()?.Split(',') is [var household, var day, var net])
            yield return new(
                NameId.For("household", household),
                DateOnly.Parse(day, CultureInfo.InvariantCulture),
                long.Parse(net, CultureInfo.InvariantCulture)
            );
    }
}
