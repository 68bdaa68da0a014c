using System.Globalization;
using System.IO.Compression;
using CrmPlatform.Segmentation.Lifetime;

namespace CrmPlatform.SegmentationBenchmarks;

/// <summary>The customers of the CDNOW sample until 30 September 1997.</summary>
static class Sample
{
    static readonly DateOnly until = new(1997, 9, 30);

    /// <summary>x, t_x and T in days, and the mean value of the repeat days.</summary>
    public static IReadOnlyList<(int X, int Recency, int Age, double MeanValue)> Customers { get; } = Read();

    /// <summary>Ten times over, with ages up to two weeks apart: 23,570 customers.</summary>
    public static IReadOnlyList<(int X, double Recency, double Age, double MeanValue)> TenTimes()
    {
        var random = new Random(1);
        return
        [
            .. Enumerable
                .Repeat(Customers, 10)
                .SelectMany(all => all)
                .Select(c => (c.X, c.Recency / 7.0, Math.Max(c.Recency, c.Age + random.Next(-14, 15)) / 7.0, c.MeanValue)),
        ];
    }

    static List<(int, int, int, double)> Read()
    {
        using var file = new StreamReader(
            new GZipStream(typeof(Sample).Assembly.GetManifestResourceStream("cdnow.txt.gz")!, CompressionMode.Decompress)
        );
        var customers = new Dictionary<string, SortedDictionary<int, double>>();
        while (file.ReadLine() is { } line)
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, var customer, var date, _, var amount])
                continue;
            var day = DateOnly.ParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture);
            if (day > until)
                continue;
            if (!customers.TryGetValue(customer, out var days))
                customers.Add(customer, days = []);
            days[day.DayNumber] = days.GetValueOrDefault(day.DayNumber) + double.Parse(amount, CultureInfo.InvariantCulture);
        }
        return
        [
            .. customers.Values.Select(days =>
            {
                var (first, x) = (days.Keys.First(), days.Count - 1);
                return (x, days.Keys.Last() - first, until.DayNumber - first, x == 0 ? 0 : days.Values.Skip(1).Sum() / x);
            }),
        ];
    }
}
