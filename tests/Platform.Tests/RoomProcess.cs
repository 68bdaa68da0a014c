using System.Diagnostics;
using System.Reflection;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// A room in a process of its own, as it runs in production, for what is process-wide: spans and meters of two rooms in one process cannot
/// be told apart.
/// </summary>
public sealed class RoomProcess : IAsyncDisposable
{
    readonly Process process;
    readonly TaskCompletionSource listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task<string> output,
        errors;

    RoomProcess(Process process)
    {
        this.process = process;
        (output, errors) = (Read(), process.StandardError.ReadToEndAsync());
    }

    public static RoomProcess Start<TProgram>(IReadOnlyDictionary<string, string> settings)
        where TProgram : class => Start(typeof(TProgram).Assembly, Room<TProgram>.Folder, settings);

    /// <param name="program">A room, or the gateway.</param>
    public static RoomProcess Start(Assembly program, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [program.Location])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Returns when it says that it serves.</summary>
    public Task Listens() => listens.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Returns when its host begins: it hears requests to end, and serves nothing yet.</summary>
    public async Task Begins()
    {
        // The runtime itself catches TERM from the first moment on; CONT it catches with the first handler that a program registers, and
        // here that is the host's.
        const ulong cont = 1UL << (18 - 1);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((Caught() & cont) == 0)
            await Task.Delay(1, patience.Token);

        ulong Caught() =>
            Convert.ToUInt64(
                File.ReadLines($"/proc/{process.Id}/status")
                    .Single(line => line.StartsWith("SigCgt:", StringComparison.Ordinal))["SigCgt:".Length..]
                    .Trim(),
                16
            );
    }

    /// <summary>Asks it to end, as an orchestrator does, and returns when it has: with everything flushed that was to be sent.</summary>
    public async Task Stop()
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -s TERM {process.Id}"]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, await output + await errors);
    }

    /// <summary>What it wrote, once it has ended.</summary>
    public async Task<(string Output, string Errors)> Written() => (await output, await errors);

    /// <summary>Returns when it has ended by itself, with what it said of it.</summary>
    public async Task<(int Code, string Errors)> Ended()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await errors);
    }

    async Task<string> Read()
    {
        var all = new System.Text.StringBuilder();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            all.Append(line).Append('\n');
            if (line.Contains("Now listening on", StringComparison.Ordinal))
                listens.TrySetResult();
        }
        return all.ToString();
    }

    /// <summary>What a test that failed left running.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
