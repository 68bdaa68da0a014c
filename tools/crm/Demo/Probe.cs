using System.Globalization;
using System.Text.Json;

namespace CrmPlatform.Crm;

/// <summary>
/// What was bought to measure the delay, and the delay. Probe customers (source <c>probe</c>) are the measurement's own and kept apart from
/// the sample's numbers; purchases cannot be unmade.
/// </summary>
/// <param name="Delays">Milliseconds from the accepted purchase to the portrait that shows it with its RFM score and its points, in order
/// of size.</param>
public sealed record Probe(int Customers, int Purchases, decimal Net, long Points, DateTimeOffset At, IReadOnlyList<double> Delays)
{
    public static readonly Probe None = new(0, 0, 0, 0, default, []);

    public static Probe? Read(Instance instance) =>
        File.Exists(FileOf(instance)) ? JsonSerializer.Deserialize<Probe>(File.ReadAllText(FileOf(instance))) : null;

    public void Write(Instance instance) => File.WriteAllText(FileOf(instance), JsonSerializer.Serialize(this));

    public void Print() =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"purchase → portrait, RFM and points at {Latency.PerSecond}/s: "
                    + $"p50 {Percentile.Of(Delays, 50):N1} ms, p99 {Percentile.Of(Delays, 99):N1} ms "
                    + $"({Delays.Count} purchases followed, {At:yyyy-MM-dd HH:mm} UTC; "
                    + $"{Customers} probe customers with {Purchases} purchases are apart from the sample)"
            )
        );

    private static string FileOf(Instance instance) => instance.PathOf("probe.json");
}
