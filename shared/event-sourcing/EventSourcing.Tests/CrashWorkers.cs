using Dapper;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>What a round kills, all at once. When one backend is killed, PostgreSQL restarts all others.</summary>
[Flags]
enum Victim
{
    Backend = 1,
    Postgres = 2,
    Writing = 4,
    Following = 8,
    Rebuilding = 16,
}

/// <summary>The worker processes that run at the moment, one of each kind.</summary>
sealed class CrashWorkers(StoreFixture fixture, CrashCheck check) : IAsyncDisposable
{
    /// <summary>Each page takes 20 ms, so most kills happen in the middle of one.</summary>
    const string Pages = "pause=20";

    readonly Dictionary<Victim, WorkerProcess> running = [];

    public WorkerProcess Writing => running[Victim.Writing];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running.Values)
            await process.DisposeAsync();
    }

    public async Task Start(Victim which)
    {
        if (which.HasFlag(Victim.Writing))
            running[Victim.Writing] = Write();
        if (which.HasFlag(Victim.Following))
            running[Victim.Following] = await WorkerProcess.Follow(fixture, Pages);
        if (which.HasFlag(Victim.Rebuilding))
            running[Victim.Rebuilding] = await WorkerProcess.Rebuild(fixture, Pages);
    }

    /// <summary>Starts a process that first sends the messages with unknown outcome again, and some that were executed before.</summary>
    public WorkerProcess Write(int seconds = 3_600, string commit = "on")
    {
        var again = string.Join(
            ',',
            check.ToSendAgain().Concat(check.Acknowledged().Where(n => new NumberedCommand(n).Message is not null).TakeLast(20))
        );
        check.Wrote.Add(
            WorkerProcess.Write(
                fixture,
                $"seconds={seconds}",
                $"commit={commit}",
                $"writers={CrashCheck.WritersInAProcess}",
                $"seed={check.Wrote.Count + 1}",
                $"again={again}"
            )
        );
        return check.Wrote[^1];
    }

    public async Task Kill(Victim victim, Random random)
    {
        if (victim == Victim.Backend)
        {
            await using var bystander = await fixture.Db.OpenConnectionAsync();
            var backends = (
                await bystander.QueryAsync<int>("select pid from pg_stat_activity where application_name like 'worker-%' order by 1")
            ).ToArray();
            await CrashServer.Signal("KILL", backends[random.Next(backends.Length)]);
            await CrashCheck.Until(async () =>
            {
                try
                {
                    return await bystander.ExecuteScalarAsync<int>("select 1") == 0;
                }
                catch (NpgsqlException)
                {
                    return true;
                }
            });
        }
        var postgres = victim.HasFlag(Victim.Postgres) ? CrashServer.Kill() : Task.CompletedTask;
        foreach (var (which, process) in running)
        {
            process.Runs.ShouldBeTrue($"{which} ended without having been killed");
            if (victim.HasFlag(which))
                process.Kill();
        }
        foreach (var (which, process) in running)
            if (victim.HasFlag(which))
                await process.DisposeAsync();
        await postgres;
    }
}
