namespace CrmPlatform.EventSourcing;

/// <summary>
/// Decides which replica runs a follower. A lease is an advisory lock that is held by the session which does the work, so a dead process
/// loses its leases at once. A suspended process keeps its sessions; therefore each process sends a heartbeat, a small query every second,
/// whose time the database itself records in pg_stat_activity (nothing is written). When a process has sent none for three seconds, any
/// other process terminates its sessions: their locks and transactions are gone before the follower is taken over, and when the process
/// resumes, it finds its connections closed.
/// <para>The heartbeat also asks for the end of the log, so events are followed within a second even if a notification was lost.</para>
/// </summary>
sealed class Leases(NpgsqlDataSource db, EventStore store, IReadOnlyList<Follower> followers, Notifications notifications, ILogger log)
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1),
        Silence = TimeSpan.FromSeconds(3);

    /// <summary>All sessions of a process hold a shared lock on its number, which tells others which sessions belong together.</summary>
    const string Take = """
        select case when pg_try_advisory_lock(hashtext('crm-follower'), hashtext($2)) then
            pg_advisory_lock_shared(hashtext('crm-process'), $1) is not null else false end
        """;
    const string Release =
        "select pg_advisory_unlock(hashtext('crm-follower'), hashtext($2)), pg_advisory_unlock_shared(hashtext('crm-process'), $1)";
    const string Join = "select pg_advisory_lock_shared(hashtext('crm-process'), $1)";
    const string Leave = "select pg_advisory_unlock_shared(hashtext('crm-process'), $1)";
    const string Look = """
        with mine as materialized (
            select classid, objid, pid from pg_locks
            where locktype = 'advisory' and objsubid = 2 and granted
              and database = (select oid from pg_database where datname = current_database())),
        sessions as materialized (
            select l.objid as process, a.pid, a.state_change
            from mine l join pg_stat_activity a on a.pid = l.pid
            where l.classid = hashtext('crm-process')::oid),
        silent as (
            select process from sessions where process <> $1::oid
            group by process having max(state_change) < clock_timestamp() - $3::interval),
        ended as materialized (
            select pg_terminate_backend(pid, 1000) as done from sessions where process in (select process from silent)),
        free as (
            select name from unnest($2::varchar[]) f(name)
            where not exists (
                select 1 from mine where classid = hashtext('crm-follower')::oid and objid = hashtext(f.name)::oid))
        select array[
            (select count(*) filter (where done) from ended), (select count(*) from free),
            (select count(*) from sessions where process <> $1::oid),
            (select coalesce(max(seq_id), 0) from mt_events)]
        """;

    readonly int process = store.Process;

    /// <summary>Signalled when a follower was seen that no process runs: then each process tries to take its lease.</summary>
    public WakeUp Free { get; } = new();

    public async Task<bool> TryTake(NpgsqlConnection connection, string follower, CancellationToken ct) =>
        (bool)(await connection.Ask(Take, ct, process, follower))!;

    public Task Give(NpgsqlConnection connection, string follower) => connection.Ask(Release, CancellationToken.None, process, follower);

    public async Task Run(CancellationToken ct)
    {
        var names = followers.Select(f => f.Name).ToArray();
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await db.OpenConnectionAsync(ct);
                await connection.Ask(Join, ct, process);
                var head = -1L;
                try
                {
                    while (true)
                    {
                        var seen = (long[])(await connection.Ask(Look, ct, process, names, Silence))!;
                        if (seen[0] > 0)
                            log.SilentProcessEnded(seen[0], Silence);
                        if (seen[0] + seen[1] > 0)
                            Free.Signal();
                        if (seen[2] > 0)
                            notifications.OthersSeen();
                        if (seen[3] != head)
                            store.Appeared.Signal();
                        head = seen[3];
                        await Task.Delay(Beat, ct);
                    }
                }
                finally
                {
                    if (connection.State == System.Data.ConnectionState.Open)
                        await connection.Ask(Leave, CancellationToken.None, process);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                log.HeartbeatFailed(e);
                try
                {
                    await Task.Delay(Beat, ct);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
