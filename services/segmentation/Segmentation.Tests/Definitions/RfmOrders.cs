using System.Globalization;
using System.IO.Compression;

namespace CrmPlatform.Segmentation.Tests.Definitions;

/// <summary>The orders of the R package rfm: 4,906 of 995 customers.</summary>
static class RfmOrders
{
    public static DateOnly AsOf { get; } = new(2006, 12, 31);

    public static IReadOnlyList<(Guid Customer, DateOnly Day, long Net)> All { get; } = [.. Read()];

    static IEnumerable<(Guid, DateOnly, long)> Read()
    {
        var path = Path.Combine(TestServers.Root, "services/segmentation/Segmentation.Tests/data/rfm-orders.csv.gz");
        using var file = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        file.ReadLine();
        while (file.ReadLine()?.Split(',') is [var customer, var day, var revenue])
            yield return (
                NameId.For("rfm-orders", customer),
                DateOnly.Parse(day, CultureInfo.InvariantCulture),
                long.Parse(revenue, CultureInfo.InvariantCulture) * 100
            );
    }

    /// <summary>The room hears of them, each at noon.</summary>
    public static async Task Told(SegmentationFixture fixture)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var facts = All.Select(
            (o, i) =>
            {
                var noon = o.Day.ToDateTime(new TimeOnly(12, 0));
                return SegmentationFixture.AsFact(
                    "customers",
                    new Contracts.PurchaseRecorded(
                        o.Customer,
                        NameId.For("rfm-order", $"{i}"),
                        "rfm",
                        $"{i}",
                        "store",
                        "USD",
                        o.Net / 100m,
                        "USD",
                        o.Net / 100m,
                        1,
                        [],
                        new DateTimeOffset(noon, zone.GetUtcOffset(noon)).ToUniversalTime()
                    )
                );
            }
        );
        await Task.WhenAll(
            facts
                .GroupBy(f => Partition.Of(f.Subject))
                .Select(async partition =>
                {
                    foreach (var packet in partition.Chunk(200))
                        await fixture.Hear(packet);
                })
        );
        await fixture.CatchUp();
    }
}
