using Microsoft.Extensions.Hosting;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// Runs the async projections and the subscriptions of a service, each at its own pace. With several replicas, each follower is run by one
/// of them, and the followers of a dead replica are taken over by the others.
/// </summary>
public sealed class ProjectionDaemon(NpgsqlDataSource db, EventStore store, TimeProvider clock, ILogger<ProjectionDaemon> log)
    : BackgroundService
{
    const string Followed = """
        select p.name, coalesce(p.last_seq_id, 0), h.head,
            greatest(0, coalesce(extract(epoch from clock_timestamp() - e.timestamp), 0))::float8,
            s.seq_id, s.error, coalesce(l.holder, s.holder)
        from mt_event_progression p
        cross join (select coalesce(max(seq_id), 0) as head from mt_events) h
        left join lateral (
            select timestamp from mt_events where seq_id > p.last_seq_id and type <> 'tombstone' order by seq_id limit 1) e on true
        left join follower_stuck s on s.name = p.name and s.seq_id > p.last_seq_id
        left join (
            select objid, max(a.application_name || ' ' || a.pid) as holder from pg_locks k join pg_stat_activity a on a.pid = k.pid
            where locktype = 'advisory' and objsubid = 2 and granted and classid = hashtext('crm-follower')::oid
              and database = (select oid from pg_database where datname = current_database())
            group by objid) l on l.objid = hashtext(p.name)::oid
        where p.name = any($1) order by p.name
        """;

    readonly List<Follower> followers = [.. Followers(store)];
    readonly Notifications notifications = new(db, store, log);

    /// <summary>
    /// Creates the tables of projections, and builds those that are new to a log that has events. It runs before the service answers its
    /// first request, so a half-built view is never shown. Several replicas may run it at once.
    /// </summary>
    public async Task Prepare(CancellationToken ct = default)
    {
        await Schema.AssertConditions(db, ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.Execute("select pg_advisory_lock(hashtext('crm-prepare'))", ct);
        try
        {
            var empty = await connection.Ask("select 1 from mt_events limit 1", ct) is null;
            foreach (var projection in store.Projections.Select(p => p.Projection))
                if (projection.Ddl is "")
                    continue;
                else if (await Known(connection, projection.Name, ct) || empty)
                    await connection.Execute(projection.Ddl, ct);
                else
                    await new Rebuild(db, store).Run(projection.Name, isNew: true, ct);
            await connection.Execute(
                "insert into mt_event_progression (name, last_seq_id) select unnest($1::varchar[]), 0 on conflict (name) do nothing",
                ct,
                (object)store.Projections.Select(p => p.Projection.Name).Concat(store.Options.Subscriptions.Select(s => s.Name)).ToArray()
            );
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.Execute("select pg_advisory_unlock(hashtext('crm-prepare'))", CancellationToken.None);
        }
    }

    /// <summary>Builds a projection again beside the one in use, and swaps them when it has caught up. Reads and writes go on.</summary>
    public async Task Rebuild(string projection, CancellationToken ct = default)
    {
        log.Rebuilding(projection);
        var events = await new Rebuild(db, store).Run(projection, isNew: false, ct);
        log.Rebuilt(projection, events);
    }

    /// <summary>
    /// Records an operator's decision that a stuck follower skips the event that it cannot process. The follower does so within a second,
    /// on whichever replica it runs, and so do later rebuilds if they cannot process the event either. Repeating the call changes nothing.
    /// </summary>
    /// <exception cref="RuleViolationException">The event does not exist, or the follower is not stuck at it.</exception>
    public async Task Skip(Request request, string follower, long sequence, string why)
    {
        var ct = request.Cancelled;
        await using var connection = await db.OpenConnectionAsync(ct);
        var type =
            (string?)await connection.Ask("select type from mt_events where seq_id = $1", ct, sequence)
            ?? throw new RuleViolationException("no-such-event", $"The log has no event {sequence}.", "sequence");
        var stuck =
            await connection.Ask("select 1 from follower_stuck where name = $1 and seq_id = $2", ct, follower, sequence) is not null;
        await store.Write(request, Skips.Of, skips => skips.Decide(new(follower, sequence, type, why), stuck));
    }

    /// <summary>Waits until every follower has processed all events that the log has now.</summary>
    /// <exception cref="InvalidOperationException">A follower is stuck and will not catch up.</exception>
    public async Task CatchUp(CancellationToken ct = default)
    {
        await using var command = db.CreateCommand("select coalesce(max(seq_id), 0) from mt_events");
        var head = (long)(await command.ExecuteScalarAsync(ct))!;
        while (true)
        {
            var behind = (await Status(ct)).Where(f => f.Position < head).ToList();
            if (behind.Count == 0)
                return;
            if (behind.Find(f => f.StuckAt is not null) is { } stuck)
                throw new InvalidOperationException($"follower {stuck.Name} is stuck at event {stuck.StuckAt}: {stuck.Error}");
            await Task.Delay(2, ct);
        }
    }

    /// <summary>How far each follower has processed the log, whichever replica runs it.</summary>
    public async Task<IReadOnlyList<FollowerStatus>> Status(CancellationToken ct = default)
    {
        store.Appeared.Signal();
        foreach (var follower in followers)
            follower.Report();
        await using var command = db.CreateCommand(Followed);
        command.Parameters.Add(new() { Value = followers.Select(f => f.Name).ToArray() });
        var all = new List<FollowerStatus>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var (position, head) = (rows.GetInt64(1), rows.GetInt64(2));
            var status = new FollowerStatus(
                Name: rows.GetString(0),
                Position: position,
                Head: head,
                LagEvents: Math.Max(0, head - position),
                LagSeconds: rows.GetDouble(3),
                StuckAt: rows.IsDBNull(4) ? null : rows.GetInt64(4),
                Error: rows.IsDBNull(5) ? null : rows.GetString(5),
                Holder: rows.IsDBNull(6) ? null : rows.GetString(6)
            );
            StoreMetrics.Report(status);
            all.Add(status);
        }
        return all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var tail = new LogTail(db, store, followers, log);
        var leases = new Leases(db, store, followers, notifications, log);
        await Task.WhenAll([
            notifications.Run(stoppingToken),
            Report(stoppingToken),
            tail.Run(stoppingToken),
            leases.Run(stoppingToken),
            .. followers.Select(f => f.Run(db, store, tail, leases, log, stoppingToken)),
        ]);
    }

    /// <summary>Updates the lag gauges every five seconds.</summary>
    async Task Report(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(5), clock, ct);
                await Status(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException e)
            {
                log.LagUnknown(e);
            }
        }
    }

    static async Task<bool> Known(NpgsqlConnection connection, string name, CancellationToken ct) =>
        await connection.Ask("select 1 from mt_event_progression where name = $1", ct, name) is not null;

    static IEnumerable<Follower> Followers(EventStore store)
    {
        foreach (var handlers in store.Projections)
            if (!handlers.Inline)
                yield return new(
                    handlers.Projection.Name,
                    handlers.Handles,
                    handlers.Projection.Rest,
                    handlers.Projection.RestUnderLoad,
                    handlers.Project
                );
        foreach (var subscription in store.Options.Subscriptions)
        {
            var who = $"subscription '{subscription.Name}'";
            var handles = subscription.Handles?.SelectMany(wanted => store.Options.Events.That(wanted, who)).ToHashSet();
            yield return new(
                subscription.Name,
                handles,
                subscription.Rest,
                TimeSpan.FromMilliseconds(50),
                (page, _, _, ct) => subscription.Process(page, ct)
            );
        }
    }
}
