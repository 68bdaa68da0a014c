using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CrmPlatform.Crm;
using Npgsql;

namespace CrmPlatform.PlatformBenchmarks;

/// <summary>The PostgreSQL of this run, as its administrator.</summary>
static class Server
{
    /// <summary>As autovacuum would leave it, so that it does not come by while something is measured.</summary>
    public static async Task Tidy(Instance instance, CancellationToken ct)
    {
        foreach (var part in Part.All.Where(part => part.Database is not null))
        {
            await using var db = Open(instance, part.Database!);
            await Run(db, "vacuum analyze", ct);
        }
        await using var server = Open(instance, "postgres");
        await Run(server, "checkpoint", ct);
    }

    /// <summary>Figures mean little without the machine that they come from.</summary>
    public static async Task<string> Describe(Instance instance, CancellationToken ct)
    {
        await using var db = Open(instance, "postgres");
        await using var ask = db.CreateCommand(
            """
            select current_setting('server_version') || ' (' || string_agg(name || ' ' || current_setting(name), ', ') || ')'
            from unnest(array['shared_buffers', 'huge_pages', 'fsync', 'synchronous_commit', 'wal_sync_method']) name
            """
        );
        var version = (string)(await ask.ExecuteScalarAsync(ct))!;
        var commit = await Commit(db, ct);
        var memory = long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1048576.0;
        var model = Field("/proc/cpuinfo", "model name");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {model}, {Environment.ProcessorCount} cores, {memory:0.#} GiB; Linux {Environment.OSVersion.Version}
            PostgreSQL {version}; {RuntimeInformation.FrameworkDescription}
            clients and platform share the machine; a commit takes {commit:0.00} ms (p50)
            {Connections.Count} connections, kept open, one request at a time on each
            """
        );
    }

    /// <summary>The smallest durable transaction: what the disk costs.</summary>
    static async Task<double> Commit(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand("select pg_logical_emit_message(true, 'bench', 'a commit')", connection);
        await command.PrepareAsync(ct);
        var milliseconds = new List<double>();
        for (var n = 0; n < 500; n++)
        {
            var began = Stopwatch.GetTimestamp();
            await command.ExecuteNonQueryAsync(ct);
            milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return Percentile.Of(milliseconds, 50);
    }

    static NpgsqlDataSource Open(Instance instance, string database) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(instance.PostgresAdmin)
            {
                Database = database,
                Pooling = false,
                CommandTimeout = 600,
            }
        );

    static async Task Run(NpgsqlDataSource db, string sql, CancellationToken ct)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    static string Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?";
}
