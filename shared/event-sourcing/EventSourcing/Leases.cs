namespace CrmPlatform.EventSourcing;

/// <summary>
/// Who runs a follower. A lease is an advisory lock of the session that works in its name: it is free as soon as the process is dead. A
/// process that was only stopped keeps its sessions, so each process also runs a small statement every second, and the database itself
/// notes when (pg_stat_activity, by its own clock; nothing is written). Sessions of a process that has been silent for longer are
/// terminated by whoever sees it: their locks and transactions are gone before the follower is taken over, and the process, when it wakes
/// up, finds its connections closed.
/// </summary>
sealed class Leases(NpgsqlDataSource db, IReadOnlyList<Follower> followers, ILogger log)
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1),
        Silence = TimeSpan.FromSeconds(3);

    /// <summary>Sessions of one process share a lock on its number: so the locks tell which sessions belong together.</summary>
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
        select array[(select count(*) filter (where done) from ended), (select count(*) from free)]
        """;

    readonly int process = Random.Shared.Next();

    /// <summary>A follower that nobody runs was seen: those who would like to may try.</summary>
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
                try
                {
                    while (true)
                    {
                        var seen = (long[])(await connection.Ask(Look, ct, process, names, Silence))!;
                        if (seen[0] > 0)
                            log.LogWarning(
                                "Ended {Sessions} sessions of a process without a heartbeat for {Silence}; its followers are taken over",
                                seen[0],
                                Silence
                            );
                        if (seen[0] + seen[1] > 0)
                            Free.Signal();
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
                log.LogWarning("This process cannot say that it is there: {Error}", e.Message);
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
