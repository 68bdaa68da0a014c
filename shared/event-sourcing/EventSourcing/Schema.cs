using System.Globalization;
using JasperFx;
using Marten;
using Weasel.Core;
using Weasel.Postgresql;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// The tables: Marten's, as its own migrations make and change them, and ours beside them: the inbox, snapshots, and where followers are stuck. DDL is the
/// owner's; the application's role may insert events, never update or delete them.
/// <para>Replicas of the version before go on serving meanwhile, so nothing here may hold up the log's writers for long. A transaction changes one table that is in use,
/// so that it never waits for a writer who waits for it; it waits only a moment, lets those who queue behind it pass and tries again; and the foreign key is checked
/// without a lock that writers would meet.</para>
/// </summary>
static class Schema
{
    const int Attempts = 100;

    const string Ours = """
        create schema if not exists read;
        create schema if not exists rebuild;
        create table if not exists inbox (
            message_id uuid primary key,
            received_at timestamptz not null default now());
        create table if not exists snapshots (
            stream_id uuid primary key,
            kind varchar not null,
            version bigint not null,
            state jsonb not null);
        create table if not exists follower_stuck (
            name varchar primary key,
            seq_id bigint not null,
            error varchar not null,
            holder varchar not null);
        """;

    /// <summary>Each version of a stream is a row of its own until vacuum comes: with room on its page, it needs no new entry in the index.</summary>
    const string Room = """
        do $$ begin
            if not exists (select 1 from pg_class where oid = 'public.mt_streams'::regclass and reloptions @> '{fillfactor=80}') then
                alter table public.mt_streams set (fillfactor = 80);
            end if;
        end $$
        """;

    /// <summary>What Marten's foreign key lacks; 'none' also where the script of docs/event-log.md has made partitions: such a log has no foreign key.</summary>
    const string ForeignKey = """
        select case
            when not exists (select 1 from pg_class where oid = to_regclass('public.mt_events') and relkind = 'r') then 'none'
            when exists (select 1 from pg_constraint where conrelid = to_regclass('public.mt_events') and conname = 'fkey_mt_events_stream_id' and convalidated) then 'none'
            when exists (select 1 from pg_constraint where conrelid = to_regclass('public.mt_events') and conname = 'fkey_mt_events_stream_id') then 'check'
            when exists (select 1 from pg_constraint where conrelid = to_regclass('public.mt_events') and conname = 'mt_events_stream_id_fkey') then 'name'
            else 'key' end
        """;
    const string Name = "alter table public.mt_events rename constraint mt_events_stream_id_fkey to fkey_mt_events_stream_id";
    const string Key = "alter table public.mt_events add constraint fkey_mt_events_stream_id foreign key (stream_id) references public.mt_streams (id) on delete cascade not valid";
    const string Orphans = """
        insert into public.mt_streams (id, version, timestamp, created) select stream_id, max(version), max(timestamp), min(timestamp) from public.mt_events e
        where stream_id is not null and not exists (select 1 from public.mt_streams s where s.id = e.stream_id) group by stream_id on conflict (id) do nothing
        """;
    const string Check = "alter table public.mt_events validate constraint fkey_mt_events_stream_id";

    /// <summary>What the application may do follows from what a table is: rows of the log, of its partitions and of what Marten's daemon skipped are there for ever, all else of Marten's moves on.</summary>
    const string Grants = """
        do $$
        declare t record;
        begin
            for t in select c.oid::regclass as name, c.relkind, c.relname ~ '^(mt_events|mt_high_water_skips)' as append_only from pg_class c
                where c.relnamespace = 'public'::regnamespace and c.relname like 'mt\_%' and c.relkind in ('r', 'p', 'S')
            loop
                execute format(case when t.relkind = 'S' then 'grant usage, select on sequence %s to :app' when t.append_only then 'grant select, insert on %s to :app'
                    else 'grant select, insert, update on %s to :app' end, t.name);
            end loop;
            for t in select p.oid::regprocedure as name from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname like 'mt\_%'
            loop execute format('grant execute on function %s to :app', t.name);
            end loop;
        end $$;
        grant usage on schema public to :app;
        grant select, insert, update on snapshots to :app;
        grant select, insert, delete on inbox to :app;
        grant select, insert, update, delete on follower_stuck to :app;
        grant all on schema read, rebuild to :app
        """;

    /// <summary>
    /// Makes and changes the tables and grants to the application's role. Safe when several replicas start it at once, while replicas of the version before
    /// serve, and on a log of any earlier version: nothing of it is rewritten.
    /// </summary>
    /// <param name="owner">A connection of the owning role.</param>
    /// <param name="appRole">The role that the service runs as; it owns the read schemas.</param>
    /// <param name="moreDdl">Tables that live beside the log, with their grants written as <c>:app</c>.</param>
    public static async Task Install(NpgsqlConnection owner, string appRole, string moreDdl = "", CancellationToken ct = default)
    {
        var app = '"' + appRole.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        await Execute(owner, "select pg_advisory_lock(hashtext('crm-migrate'))", ct);
        try
        {
            await Connect(owner, ct);
            foreach (var change in await Changes(owner, ct)) await Briefly(owner, change, ct);
            await Briefly(owner, $"{Ours};{moreDdl};{Room};{Grants}".Replace(":app", app, StringComparison.Ordinal), ct);
        }
        finally
        {
            if (owner.State == System.Data.ConnectionState.Open) await owner.Execute("select pg_advisory_unlock(hashtext('crm-migrate'))", CancellationToken.None);
        }
    }

    /// <summary>
    /// Marten's foreign key, for a log that was made without it. Marten would check all events while nobody may write; here new ones are checked from the first moment on,
    /// events without a stream's row get one, and then the old ones are checked beside the writers.
    /// </summary>
    static async Task Connect(NpgsqlConnection owner, CancellationToken ct)
    {
        var lacks = (string)(await owner.Ask(ForeignKey, ct))!;
        if (lacks == "none") return;
        if (lacks != "check") await Briefly(owner, lacks == "name" ? Name : Key, ct);
        if (lacks == "name") return;
        await Execute(owner, Orphans, ct);
        await Execute(owner, Check, ct);
    }

    /// <summary>What this database lacks of Marten's: the tables and functions that are new in one step, then those that change, each by itself.</summary>
    static async Task<IReadOnlyList<string>> Changes(NpgsqlConnection owner, CancellationToken ct)
    {
        var options = new StoreOptions();
        options.Connection("Host=nowhere"); // it is asked what it wants, and connects to nothing
        using var marten = new DocumentStore(new EventStoreOptions().Configure(options));
        var partitioned = await owner.Ask("select 1 from pg_class where oid = to_regclass('public.mt_events') and relkind = 'p'", ct) is not null;
        var objects = marten.Storage.Database.AllObjects().Where(o => !partitioned || o.Identifier.Name != "mt_events").ToArray();
        var deltas = (await SchemaMigration.DetermineAsync(owner, ct, objects)).Deltas.ToLookup(d => d.Difference);
        if (deltas[SchemaPatchDifference.Invalid].FirstOrDefault() is { } invalid) throw new InvalidOperationException($"{invalid.SchemaObject.Identifier} cannot become what Marten expects");
        return [.. deltas[SchemaPatchDifference.Update].Select(d => Sql(new(d))).Prepend(Sql(new(deltas[SchemaPatchDifference.Create]))).Where(sql => sql.Length > 0)];

        static string Sql(SchemaMigration migration)
        {
            using var sql = new StringWriter(CultureInfo.InvariantCulture);
            migration.WriteAllUpdates(sql, new PostgresqlMigrator(), AutoCreate.CreateOrUpdate);
            return sql.ToString();
        }
    }

    /// <summary>One transaction that gives up when a lock is not free at once, so that nobody queues behind it for long, and begins anew.</summary>
    static async Task Briefly(NpgsqlConnection owner, string change, CancellationToken ct)
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
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected && attempt < Attempts)
            {
                await Task.Delay(Random.Shared.Next(50, 200 + 20 * attempt), ct);
            }
    }

    /// <summary>As long as it takes: for another replica, or for a large log.</summary>
    static async Task Execute(NpgsqlConnection owner, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, owner) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The conditions that the rule of the global order stands on (see <see cref="LogReader"/>).</summary>
    internal static async Task AssertConditions(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand("""
            select s.seqcache = 1 and s.seqincrement = 1 and not s.seqcycle as sequence_ok,
                   current_setting('synchronous_commit') <> 'off' as commit_ok, not pg_is_in_recovery() as primary_ok, current_setting('track_activities')::bool as activity_ok
            from pg_sequence s where s.seqrelid = 'mt_events_sequence'::regclass
            """);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct) || !row.GetBoolean(0)) throw new InvalidOperationException("mt_events_sequence must have cache 1, increment 1 and no cycle");
        if (!row.GetBoolean(1)) throw new InvalidOperationException("synchronous_commit is off: a reader could deliver an event that a crash takes back");
        if (!row.GetBoolean(2)) throw new InvalidOperationException("the event store needs the primary server");
        if (!row.GetBoolean(3)) throw new InvalidOperationException("track_activities is off: nobody would see that a process has stopped (see Leases)");
    }
}
