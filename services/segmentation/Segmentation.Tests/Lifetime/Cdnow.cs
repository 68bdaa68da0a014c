using System.Globalization;
using System.IO.Compression;
using CrmPlatform.Segmentation.Lifetime;

namespace CrmPlatform.Segmentation.Tests.Lifetime;

/// <summary>One in ten customers of CDNOW, known until 30 September 1997 and observed for 39 weeks afterwards.</summary>
static class Cdnow
{
    public const double Weeks = 39;
    static readonly DateOnly until = new(1997, 9, 30);

    /// <summary>Day and amount of each purchase, by customer, in the order of the file.</summary>
    public static IReadOnlyList<IReadOnlyList<(DateOnly Day, decimal Amount)>> Purchases { get; } = Read();

    public static IReadOnlyList<Tried> Customers { get; } = AsOf(until);

    public static PurchasePattern[] Patterns { get; } = PurchasePattern.Of(Customers.Select(c => (c.X, c.Recency, c.Age)));

    public static PurchaseFit Bg { get; } = PurchaseFit.Of(ModelKind.Bg, Patterns);

    public static PurchaseFit Mbg { get; } = PurchaseFit.Of(ModelKind.Mbg, Patterns);

    public static ValueFit Value { get; } = ValueFit.Of(Customers.Select(c => (c.X, c.MeanValue)));

    /// <summary>What was known of them by a day, and on how many days they bought after it.</summary>
    public static Tried[] AsOf(DateOnly day) => [.. Purchases.Select(p => History(p, day))];

    static Tried History(IReadOnlyList<(DateOnly Day, decimal Amount)> purchases, DateOnly until)
    {
        var days = purchases.GroupBy(p => p.Day, p => p.Amount).OrderBy(d => d.Key).ToList();
        var known = days.FindAll(d => d.Key <= until);
        var (first, x) = (known[0].Key.DayNumber, known.Count - 1);
        return new(
            x,
            (known[^1].Key.DayNumber - first) / 7.0,
            (until.DayNumber - first) / 7.0,
            x == 0 ? 0 : (double)known.Skip(1).Sum(d => d.Sum()) / x,
            days.Count - known.Count
        );
    }

    static List<IReadOnlyList<(DateOnly Day, decimal Amount)>> Read()
    {
        var path = Path.Combine(TestServers.Root, "services/segmentation/Segmentation.Tests/data/cdnow.txt.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var customers = new SortedDictionary<string, List<(DateOnly Day, decimal Amount)>>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var customer, var day, _, var amount])
            {
                if (!customers.TryGetValue(customer, out var bought))
                    customers.Add(customer, bought = []);
                bought.Add(
                    (
                        DateOnly.ParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture),
                        decimal.Parse(amount, CultureInfo.InvariantCulture)
                    )
                );
            }
        return [.. customers.Values];
    }
}
