using System.Globalization;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Events">Events in the log for the comparison with a small one; null leaves it out.</param>
sealed record Settings(bool Quick, long? Events, IReadOnlyList<string> Filters)
{
    public static readonly int[] Concurrencies = [1, 8, 32];

    public int Rounds => Quick ? 3 : 5;
    public double BareSlice => Quick ? 0.25 : 0.5;
    public double StoreSlice => Quick ? 0.5 : 1;
    public double WarmUp => Quick ? 0.5 : 1;

    public bool Wants(string row) => Filters.Count == 0 || Filters.Any(f => row.Contains(f, StringComparison.OrdinalIgnoreCase));

    /// <returns>Null when it cannot be understood.</returns>
    public static Settings? Parse(string[] args)
    {
        var settings = new Settings(false, null, []);
        for (var i = 0; i < args.Length; i++)
            switch (args[i])
            {
                case "--quick":
                    settings = settings with { Quick = true };
                    break;
                case "--events"
                    when i + 1 < args.Length
                        && long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var events)
                        && events >= 10:
                    settings = settings with { Events = events };
                    i++;
                    break;
                case ['-', ..]:
                    return null;
                default:
                    settings = settings with { Filters = [.. settings.Filters, args[i]] };
                    break;
            }
        return settings;
    }
}
