using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CrmPlatform.EventSourcing;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>A subscriber that notes when it saw the last event of each stream, and whether the order was kept.</summary>
sealed class Watch(string name) : ISubscription
{
    readonly ConcurrentDictionary<Guid, long> seen = [];
    long last;

    public string Name => name;
    public int OutOfOrder { get; private set; }
    public int Events { get; private set; }
    public IReadOnlyDictionary<Guid, long> Seen => seen;

    public Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var e in page)
        {
            if (e.Sequence <= last)
                OutOfOrder++;
            (last, seen[e.StreamId], Events) = (e.Sequence, now, Events + 1);
        }
        return Task.CompletedTask;
    }
}

/// <summary>
/// This program once more, as the other process that follows the log. Stopwatch counts CLOCK_MONOTONIC: both processes read the same clock.
/// </summary>
sealed class OtherProcess : IDisposable
{
    public const string Argument = "--follow";

    readonly Process process = Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, [typeof(OtherProcess).Assembly.Location, Argument])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }
    )!;

    public async Task Ready() =>
        _ = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the other process did not start");

    /// <summary>Ends it; what it saw, and when.</summary>
    public async Task<Dictionary<Guid, long>> End()
    {
        process.StandardInput.Close();
        var seen = new Dictionary<Guid, long>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            seen[Guid.Parse(words[0])] = long.Parse(words[1], CultureInfo.InvariantCulture);
        }
        await process.WaitForExitAsync();
        return seen;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    /// <summary>What the other process does: follows until its input is closed, which also happens when this one dies.</summary>
    public static async Task Run()
    {
        await using var database = new Database();
        var watch = new Watch("far");
        using var daemon = await database.Daemon(database.Store(o => o.Subscribe(watch)));
        await daemon.StartAsync(default);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is not null) { }
        await daemon.StopAsync(default);
        foreach (var (stream, at) in watch.Seen)
            Console.WriteLine($"{stream} {at}");
    }
}
