using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>Processor time of the server (every process below its postmaster) and of this program, in seconds.</summary>
readonly record struct Cpu(double Server, double Client)
{
    const double TicksPerSecond = 100; // USER_HZ: the same on every Linux
    static int postmaster;

    public static async Task Find(Database database) =>
        postmaster = (int)(Stat(await database.Scalar<int>("select pg_backend_pid()"))?.Parent ?? 0);

    public static Cpu Now()
    {
        using var self = Process.GetCurrentProcess();
        if (postmaster == 0)
            return new(0, self.TotalProcessorTime.TotalSeconds);
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out var pid) && Stat(pid) is { } stat && stat.Parent == postmaster)
                ticks += stat.Ticks;
        return new(ticks / TicksPerSecond, self.TotalProcessorTime.TotalSeconds);
    }

    public static Cpu operator +(Cpu a, Cpu b) => new(a.Server + b.Server, a.Client + b.Client);

    public static Cpu operator -(Cpu a, Cpu b) => new(a.Server - b.Server, a.Client - b.Client);

    /// <summary>Null: the process has ended, or the server runs elsewhere.</summary>
    static (long Parent, long Ticks)? Stat(int pid)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null;
        }
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(1), Number(11) + Number(12));

        long Number(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
    }
}

static class Machine
{
    /// <summary>Figures mean little without the machine that they come from.</summary>
    public static async Task<string> Describe(Database database)
    {
        var bare = new Bare(database.Db);
        await Slice.Run(1, 0.5, _ => bare.Commit());
        var commit = await Slice.Run(1, 1, _ => bare.Commit());
        var settings = await database.Scalar<string>(
            """
            select string_agg(name || ' ' || current_setting(name), ', ')
            from unnest(array[
                'shared_buffers', 'huge_pages', 'fsync', 'synchronous_commit', 'wal_sync_method', 'data_checksums']) name
            """
        );
        return $"""
            {Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, {long.Parse(
                Field("/proc/meminfo", "MemTotal").Split(' ')[0],
                CultureInfo.InvariantCulture
            ) / 1048576.0:0.#} GiB; Linux {Environment.OSVersion.Version}
            PostgreSQL {await database.Scalar<string>(
                "select current_setting('server_version')"
            )} ({settings}); {RuntimeInformation.FrameworkDescription}; client and server share the machine
            one bare commit of one row, one connection: p50 {commit.P50:0.00} ms, p99 {commit.P99:0.00} ms
            """;
    }

    static string Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?";
}
