using System.Globalization;
using JasperFx;
using Marten;
using Weasel.Core;
using Weasel.Postgresql;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// Creates Marten's tables and functions, and migrates a log of an earlier version to them.
/// <para>Replicas of the previous version go on serving meanwhile, so nothing here may block writers for long. Each transaction changes
/// only one table that is in use, so that it cannot deadlock with a writer. It waits only briefly for its lock, then lets queued writers
/// pass and retries. The foreign key is validated without a lock that blocks writers.</para>
/// </summary>
static class Migration
{
    const int Attempts = 100;

    /// <summary>The next step towards the foreign key. A partitioned log (docs/event-log.md) has no foreign key.</summary>
    const string Lacking = """
        select case
            when not exists (select 1 from pg_class where oid = to_regclass('public.mt_events') and relkind = 'r') then 'nothing'
            when exists (select 1 from keys where conname = 'fkey_mt_events_stream_id' and convalidated) then 'nothing'
            when exists (select 1 from keys where conname = 'fkey_mt_events_stream_id') then 'check'
            when exists (select 1 from keys where conname = 'mt_events_stream_id_fkey') then 'name'
            else 'key' end
        """;
    const string Keys = "with keys as (select conname, convalidated from pg_constraint where conrelid = to_regclass('public.mt_events'))";
    const string Name = "alter table public.mt_events rename constraint mt_events_stream_id_fkey to fkey_mt_events_stream_id";
    const string Key = """
        alter table public.mt_events add constraint fkey_mt_events_stream_id
            foreign key (stream_id) references public.mt_streams (id) on delete cascade not valid
        """;
    const string Orphans = """
        insert into public.mt_streams (id, version, timestamp, created)
        select stream_id, max(version), max(timestamp), min(timestamp) from public.mt_events e
        where stream_id is not null and not exists (select 1 from public.mt_streams s where s.id = e.stream_id)
        group by stream_id on conflict (id) do nothing
        """;
    const string Check = "alter table public.mt_events validate constraint fkey_mt_events_stream_id";
    const string Partitioned = "select 1 from pg_class where oid = to_regclass('public.mt_events') and relkind = 'p'";

    public static async Task OfMarten(NpgsqlConnection owner, CancellationToken ct)
    {
        await Connect(owner, ct);
        foreach (var change in await Changes(owner, ct))
            await Briefly(owner, change, ct);
    }

    /// <summary>
    /// Adds Marten's foreign key to a log that was created without it. Marten would validate all events while writers are blocked. Here
    /// only new events are checked at first; then rows are added for missing streams, and the old events are validated beside the writers.
    /// </summary>
    static async Task Connect(NpgsqlConnection owner, CancellationToken ct)
    {
        var lacks = (string)(await owner.Ask($"{Keys} {Lacking}", ct))!;
        if (lacks == "nothing")
            return;
        if (lacks != "check")
            await Briefly(owner, lacks == "name" ? Name : Key, ct);
        if (lacks == "name")
            return;
        await Execute(owner, Orphans, ct);
        await Execute(owner, Check, ct);
    }

    /// <summary>
    /// The SQL that this database lacks: first everything that is new to it, in one step, then each changed table or function by itself.
    /// </summary>
    static async Task<IReadOnlyList<string>> Changes(NpgsqlConnection owner, CancellationToken ct)
    {
        var options = new StoreOptions();
        options.Connection("Host=nowhere"); // Marten only lists its tables here; it never connects
        using var marten = new DocumentStore(new EventStoreOptions().Configure(options));
        var partitioned = await owner.Ask(Partitioned, ct) is not null;
        var objects = marten.Storage.Database.AllObjects().Where(o => !partitioned || o.Identifier.Name != "mt_events").ToArray();
        var deltas = (await SchemaMigration.DetermineAsync(owner, ct, objects)).Deltas.ToLookup(d => d.Difference);
        if (deltas[SchemaPatchDifference.Invalid].FirstOrDefault() is { } invalid)
            throw new InvalidOperationException(
                $"{invalid.SchemaObject.Identifier} differs from what Marten expects in a way that no migration can change"
            );
        return
        [
            .. deltas[SchemaPatchDifference.Update]
                .Select(d => Sql(new(d)))
                .Prepend(Sql(new(deltas[SchemaPatchDifference.Create])))
                .Where(sql => sql.Length > 0),
        ];

        static string Sql(SchemaMigration migration)
        {
            using var sql = new StringWriter(CultureInfo.InvariantCulture);
            migration.WriteAllUpdates(sql, new PostgresqlMigrator(), AutoCreate.CreateOrUpdate);
            return sql.ToString();
        }
    }

    /// <summary>
    /// Executes SQL in one transaction. When it does not get a lock within 300 ms, it gives up, so that no queue builds up behind it, and
    /// retries.
    /// </summary>
    public static async Task Briefly(NpgsqlConnection owner, string change, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await using var tx = await owner.BeginTransactionAsync(ct);
                await owner.Execute("set local lock_timeout = '300ms'", ct);
                await Execute(owner, change, ct);
                await tx.CommitAsync(ct);
                return;
            }
            catch (PostgresException e)
                when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected && attempt < Attempts)
            {
                await Task.Delay(Random.Shared.Next(50, 200 + 20 * attempt), ct);
            }
    }

    /// <summary>Executes SQL without a timeout: it may wait for another replica, or take long on a large log.</summary>
    public static async Task Execute(NpgsqlConnection owner, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, owner) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
