using System.Diagnostics;
using CrmPlatform.Crm;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>What so many workers, each one command after the other, got done in a while.</summary>
sealed record Slice(int Commands, double Seconds, List<double> Milliseconds, Cpu Cpu, List<Exception> Failures)
{
    public double PerSecond => Commands / Seconds;
    public double P50 => Percentile.Of(Milliseconds, 50);
    public double P99 => Percentile.Of(Milliseconds, 99);

    /// <param name="command">Gets the worker's number.</param>
    public static async Task<Slice> Run(int workers, double seconds, Func<int, Task> command)
    {
        var (cpu, start) = (Cpu.Now(), Stopwatch.GetTimestamp());
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var done = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => Work(worker, end, command))));
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var milliseconds = done.SelectMany(d => d.Milliseconds).ToList();
        return new(milliseconds.Count, elapsed, milliseconds, Cpu.Now() - cpu, [.. done.SelectMany(d => d.Failures)]);
    }

    /// <summary>Several slices of one kind, seen as one.</summary>
    public static Slice Of(IReadOnlyCollection<Slice> slices) =>
        new(
            slices.Sum(s => s.Commands),
            slices.Sum(s => s.Seconds),
            [.. slices.SelectMany(s => s.Milliseconds)],
            slices.Select(s => s.Cpu).Aggregate((a, b) => a + b),
            [.. slices.SelectMany(s => s.Failures)]
        );

    static async Task<(List<double> Milliseconds, List<Exception> Failures)> Work(int worker, long end, Func<int, Task> command)
    {
        var (milliseconds, failures) = (new List<double>(4_096), new List<Exception>());
        for (var started = Stopwatch.GetTimestamp(); started < end; started = Stopwatch.GetTimestamp())
        {
            try
            {
                await command(worker);
                milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }
        return (milliseconds, failures);
    }
}
