using System.Collections.Concurrent;
using System.Diagnostics;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>A running <see cref="Worker"/>. It is killed when the test disposes it.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    readonly Process process;
    readonly ConcurrentQueue<string> lines = [];
    readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    bool disposed;

    WorkerProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == "ready")
                ready.TrySetResult();
            else if (line.Data is not null)
                lines.Enqueue(line.Data);
        };
        process.BeginOutputReadLine();
    }

    public int Id => process.Id;
    public bool Runs => !process.HasExited;

    /// <summary>The numbers of acknowledged commands.</summary>
    public IReadOnlyCollection<string> Acknowledged => lines;

    public static Task<WorkerProcess> Follow(StoreFixture fixture, params string[] arguments) =>
        Ready(Start(fixture, ["follow", .. arguments]));

    public static Task<WorkerProcess> Rebuild(StoreFixture fixture, params string[] arguments) =>
        Ready(Start(fixture, ["rebuild", .. arguments]));

    public static WorkerProcess Write(StoreFixture fixture, params string[] arguments) => Start(fixture, ["write", .. arguments]);

    public Task Ended() => process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(120)).Token);

    public void Kill() => process.Kill();

    /// <param name="name">STOP or CONT.</param>
    public async Task Signal(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -s {name} {process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    static async Task<WorkerProcess> Ready(WorkerProcess worker)
    {
        await worker.ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return worker;
    }

    static WorkerProcess Start(StoreFixture fixture, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Worker).Assembly.Location, .. arguments]) { RedirectStandardOutput = true };
        start.Environment["WORKER_DATABASE"] = fixture.Database.App;
        // Several short-lived workers share two cores, so they neither recompile hot methods nor spin while they wait for work.
        start.Environment["DOTNET_TieredPGO"] = start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        return new(Process.Start(start)!);
    }
}
