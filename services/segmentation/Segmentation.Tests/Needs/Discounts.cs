using System.Globalization;
using System.IO.Compression;

namespace CrmPlatform.Segmentation.Tests.Needs;

/// <summary>The baskets of the completejourney sample: whether anything in them was discounted.</summary>
static class Discounts
{
    public static IReadOnlyList<(Guid Household, DateOnly Day, bool Discounted)> Baskets { get; } = [.. Read()];

    static IEnumerable<(Guid, DateOnly, bool)> Read()
    {
        var path = Path.Combine(TestServers.Root, "services/segmentation/Segmentation.Tests/data/completejourney-discounts.csv.gz");
        using var file = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        file.ReadLine();
        while (file.ReadLine()?.Split(',') is [var household, var day, var discounted])
            yield return (NameId.For("household", household), DateOnly.Parse(day, CultureInfo.InvariantCulture), discounted == "1");
    }
}
