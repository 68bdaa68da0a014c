namespace CrmPlatform.EventSourcing;

/// <summary>
/// The tables: Marten's, as its own migrations make and change them, and ours beside them: the inbox, snapshots, and where followers are
/// stuck. DDL is the owner's; the application's role may insert events, never update or delete them.
/// </summary>
static class Schema
{
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

    /// <summary>
    /// Each version of a stream is a row of its own until vacuum comes: with room on its page, it needs no new entry in the index.
    /// </summary>
    const string Room = """
        do $$ begin
            if not exists (select 1 from pg_class where oid = 'public.mt_streams'::regclass and reloptions @> '{fillfactor=80}') then
                alter table public.mt_streams set (fillfactor = 80);
            end if;
        end $$
        """;

    /// <summary>
    /// What the application may do follows from what a table is: rows of the log, of its partitions and of what Marten's daemon skipped are
    /// there for ever, all else of Marten's moves on.
    /// </summary>
    const string Grants = """
        do $$
        declare t record;
        begin
            for t in
                select oid::regclass as name, relkind, relname ~ '^(mt_events|mt_high_water_skips)' as append_only
                from pg_class where relnamespace = 'public'::regnamespace and relname like 'mt\_%' and relkind in ('r', 'p', 'S')
            loop
                execute format(case
                    when t.relkind = 'S' then 'grant usage, select on sequence %s to :app'
                    when t.append_only then 'grant select, insert on %s to :app'
                    else 'grant select, insert, update on %s to :app' end, t.name);
            end loop;
            for t in
                select oid::regprocedure as name from pg_proc where pronamespace = 'public'::regnamespace and proname like 'mt\_%'
            loop
                execute format('grant execute on function %s to :app', t.name);
            end loop;
        end $$;
        grant usage on schema public to :app;
        grant select, insert, update on snapshots to :app;
        grant select, insert, delete on inbox to :app;
        grant select, insert, update, delete on follower_stuck to :app;
        grant all on schema read, rebuild to :app
        """;

    /// <summary>
    /// Makes and changes the tables and grants to the application's role. Safe when several replicas start it at once, while replicas of
    /// the version before serve, and on a log of any earlier version: nothing of it is rewritten.
    /// </summary>
    /// <param name="owner">A connection of the owning role.</param>
    /// <param name="appRole">The role that the service runs as; it owns the read schemas.</param>
    /// <param name="moreDdl">Tables that live beside the log, with their grants written as <c>:app</c>.</param>
    public static async Task Install(NpgsqlConnection owner, string appRole, string moreDdl = "", CancellationToken ct = default)
    {
        var app = '"' + appRole.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        await Migration.Execute(owner, "select pg_advisory_lock(hashtext('crm-migrate'))", ct);
        try
        {
            await Migration.OfMarten(owner, ct);
            await Migration.Briefly(owner, $"{Ours};{moreDdl};{Room};{Grants}".Replace(":app", app, StringComparison.Ordinal), ct);
        }
        finally
        {
            if (owner.State == System.Data.ConnectionState.Open)
                await owner.Execute("select pg_advisory_unlock(hashtext('crm-migrate'))", CancellationToken.None);
        }
    }

    /// <summary>The conditions that the rule of the global order stands on (see <see cref="LogReader"/>).</summary>
    internal static async Task AssertConditions(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand(
            """
            select s.seqcache = 1 and s.seqincrement = 1 and not s.seqcycle as sequence_ok,
                   current_setting('synchronous_commit') <> 'off' as commit_ok, not pg_is_in_recovery() as primary_ok,
                   current_setting('track_activities')::bool as activity_ok
            from pg_sequence s where s.seqrelid = 'mt_events_sequence'::regclass
            """
        );
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct) || !row.GetBoolean(0))
            throw new InvalidOperationException("mt_events_sequence must have cache 1, increment 1 and no cycle");
        if (!row.GetBoolean(1))
            throw new InvalidOperationException("synchronous_commit is off: a reader could deliver an event that a crash takes back");
        if (!row.GetBoolean(2))
            throw new InvalidOperationException("the event store needs the primary server");
        if (!row.GetBoolean(3))
            throw new InvalidOperationException("track_activities is off: nobody would see that a process has stopped (see Leases)");
    }
}
