using System.Diagnostics;
using System.Globalization;
using CrmPlatform.Testing;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>A PostgreSQL server of its own, so that it can be killed. It is removed at the end.</summary>
public sealed class CrashServer : IAsyncLifetime
{
    static readonly string folder = Path.Combine(TestServers.Root, ".crm-crash");

    /// <summary>Connection string of an administrator.</summary>
    public string Postgres { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await Infra("reset");
        await Up();
        Postgres = File.ReadLines(Path.Combine(folder, "env")).Single(l => l.StartsWith("CRM_POSTGRES=", StringComparison.Ordinal))[
            "CRM_POSTGRES=".Length..
        ];
    }

    public Task DisposeAsync() => Infra("reset");

    public static Task Up() => Infra("up", "postgres");

    /// <summary>kill -9 of the postmaster and all its processes; returns when none is left.</summary>
    public static async Task Kill()
    {
        var postmaster = int.Parse(
            File.ReadLines(Path.Combine(folder, "pg", "data", "postmaster.pid")).First(),
            CultureInfo.InvariantCulture
        );
        // All of them have the data directory as their working directory, even those whose parent has died.
        var home =
            WorksIn(postmaster)
            ?? throw new InvalidOperationException(
                $"PostgreSQL process {postmaster} of {folder} is not running; expected it to run before it is killed"
            );
        for (int[] left = [postmaster, .. Left()]; left.Length > 0; left = Left())
        {
            await Run("/bin/sh", "-c", $"kill -s KILL {string.Join(' ', left)} 2>/dev/null || true");
            await Task.Delay(10);
        }

        int[] Left() =>
            [
                .. Directory
                    .EnumerateDirectories("/proc")
                    .Select(d => int.TryParse(Path.GetFileName(d), out var id) ? id : 0)
                    .Where(id => id > 0 && WorksIn(id) == home),
            ];
    }

    public static Task Signal(string name, int process) => Run("/bin/sh", "-c", $"kill -s {name} {process}");

    static string? WorksIn(int process) => new FileInfo($"/proc/{process}/cwd").LinkTarget;

    static Task Infra(params string[] verb) => Run(Path.Combine(TestServers.Root, "tools", "infra.sh"), verb);

    static async Task Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        start.Environment["CRM_RUN_DIR"] = folder;
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {said}");
    }
}
