using System.Globalization;
using System.Text.Json;

namespace CrmPlatform.Crm;

/// <param name="At">When they were measured.</param>
/// <param name="Milliseconds">From the accepted purchase to the portrait that shows it with its points, and its count in segmentation, in
/// order of size.</param>
public sealed record Delays(DateTimeOffset At, IReadOnlyList<double> Milliseconds)
{
    public static Delays? Read(Instance instance) =>
        File.Exists(FileOf(instance)) ? JsonSerializer.Deserialize<Delays>(File.ReadAllText(FileOf(instance))) : null;

    public void Write(Instance instance) => File.WriteAllText(FileOf(instance), JsonSerializer.Serialize(this));

    public void Print() =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"purchase → portrait, points and segmentation at {Latency.PerSecond}/s: "
                    + $"p50 {Percentile.Of(Milliseconds, 50):N1} ms, p99 {Percentile.Of(Milliseconds, 99):N1} ms "
                    + $"({Milliseconds.Count} of the sample's last purchases followed, {At:yyyy-MM-dd HH:mm} UTC)"
            )
        );

    private static string FileOf(Instance instance) => instance.PathOf("delays.json");
}
