using System.Diagnostics;
using CrmPlatform.Crm;

namespace CrmPlatform.PlatformBenchmarks;

/// <summary>What all clients, each one request after the other, were answered in a while.</summary>
sealed record Slice(double Seconds, List<double> Milliseconds, long Bytes, Used Used)
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    public int Requests => Milliseconds.Count;
    public double PerSecond => Requests / Seconds;
    public double P50 => Percentile.Of(Milliseconds, 50);
    public double P99 => Percentile.Of(Milliseconds, 99);

    public static async Task<Slice> Run(Connections clients, Processors processors, Work work, double seconds)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(seconds) + patience);
        var (before, start) = (processors.Now(), Stopwatch.GetTimestamp());
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var done = await Task.WhenAll(
            Enumerable.Range(0, Connections.Count).Select(client => Task.Run(() => Client(clients, client, work, end, late.Token)))
        );
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new(elapsed, [.. done.SelectMany(d => d.Milliseconds)], done.Sum(d => d.Bytes), processors.Now() - before);
    }

    /// <summary>Several slices of one kind, seen as one.</summary>
    public static Slice Of(IReadOnlyCollection<Slice> slices) =>
        new(
            slices.Sum(s => s.Seconds),
            [.. slices.SelectMany(s => s.Milliseconds)],
            slices.Sum(s => s.Bytes),
            slices.Select(s => s.Used).Aggregate((a, b) => a + b)
        );

    static async Task<(List<double> Milliseconds, long Bytes)> Client(
        Connections clients,
        int client,
        Work work,
        long end,
        CancellationToken ct
    )
    {
        var (milliseconds, bytes) = (new List<double>(4_096), 0L);
        for (var started = Stopwatch.GetTimestamp(); started < end; started = Stopwatch.GetTimestamp())
        {
            bytes += await clients.Send(client, work, ct);
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return (milliseconds, bytes);
    }
}
