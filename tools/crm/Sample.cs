using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace CrmPlatform.Crm;

/// <summary>The sample shop's files, with their local times of 2017 moved by whole weeks to the recent past.</summary>
public sealed class Sample(string folder, int weeks)
{
    public const string TimeZone = "America/New_York";
    public const string System = "completejourney";
    public static readonly DateOnly LastDay = new(2017, 12, 31);
    private static readonly string[] Instants = ["occurredAt", "answeredAt", "solvedAt", "ratedAt"];
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    public int Weeks => weeks;

    /// <summary>The shift is chosen once per installation: a later load must find the same purchases at the same times.</summary>
    public static Sample Of(Instance instance, TimeProvider clock)
    {
        var file = instance.PathOf("sample-shift");
        if (!File.Exists(file))
            File.WriteAllText(file, $"{WeeksFor(Today(clock))}\n");
        return new(Path.Combine(instance.Root, "samples"), int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture));
    }

    /// <summary>The most weeks by which the last day still lies before today: one to seven days ago.</summary>
    public static int WeeksFor(DateOnly today) => (int)Math.Floor((today.DayNumber - 1 - LastDay.DayNumber) / 7.0);

    public static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Zone).DateTime);

    /// <summary>
    /// A local time of the files as the instant it stands for. Skipped by summer time: an hour later. Occurring twice: the first.
    /// </summary>
    public static DateTimeOffset Moved(string local, int weeks)
    {
        var time = DateTime.ParseExact(local, "s", CultureInfo.InvariantCulture).AddDays(7 * weeks);
        if (Zone.IsInvalidTime(time))
            time = time.AddHours(1);
        var offset = Zone.IsAmbiguousTime(time) ? Zone.GetAmbiguousTimeOffsets(time).Max() : Zone.GetUtcOffset(time);
        return new DateTimeOffset(time, offset).ToUniversalTime();
    }

    public IEnumerable<JsonObject> Customers => Rows("customers.ndjson.gz");
    public IEnumerable<JsonObject> Purchases => Rows("purchases.ndjson.gz");
    public IEnumerable<JsonObject> Tickets => Rows("tickets.ndjson.gz");

    private IEnumerable<JsonObject> Rows(string name)
    {
        using var file = File.OpenRead(Path.Combine(folder, name));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            var row = JsonNode.Parse(line)!.AsObject();
            foreach (var instant in Instants)
                if (row[instant]?.GetValue<string>() is { } local)
                    row[instant] = Moved(local, weeks).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            yield return row;
        }
    }
}

/// <summary>What a plain reading of the files gives: the numbers that the platform must show.</summary>
public sealed record SampleTotals(int Customers, int Purchases, decimal Net, long Points, int Tickets, int OpenTickets)
{
    /// <summary>One point per whole currency unit, per purchase.</summary>
    public static SampleTotals Of(Sample sample)
    {
        var (purchases, net, points) = (0, 0m, 0L);
        foreach (var purchase in sample.Purchases)
        {
            var value = purchase["lines"]!.AsArray().Sum(line => line!["net"]!.GetValue<decimal>());
            (purchases, net, points) = (purchases + 1, net + value, points + (long)Math.Floor(value));
        }
        var tickets = sample.Tickets.ToList();
        return new(sample.Customers.Count(), purchases, net, points, tickets.Count, tickets.Count(ticket => ticket["outcome"] is null));
    }
}
