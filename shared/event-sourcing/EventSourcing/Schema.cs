namespace CrmPlatform.EventSourcing;

/// <summary>
/// The tables: Marten's, created by Marten's own migrations, and ours beside them: the inbox, snapshots, and stuck followers. The owner's
/// role runs the DDL; the application's role may insert events but never update or delete them.
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
    /// Each update of a stream's row writes a new row version; if its page has free space, no new index entry is needed (a HOT update).
    /// </summary>
    const string FreeSpace = """
        do $$ begin
            if not exists (select 1 from pg_class where oid = 'public.mt_streams'::regclass and reloptions @> '{fillfactor=80}') then
                alter table public.mt_streams set (fillfactor = 80);
            end if;
        end $$
        """;

    /// <summary>
    /// The application's rights: it may only insert into the log, its partitions, and the list of what Marten's daemon skipped; it may also
    /// update Marten's other tables.
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
    /// Creates and migrates the tables, and grants rights to the application's role. Several replicas may run it at once, while replicas of
    /// the previous version serve, and on a log of any earlier version. No rows of the log are rewritten.
    /// </summary>
    /// <param name="owner">A connection of the owning role.</param>
    /// <param name="appRole">The role that the service runs as; it owns the read schemas.</param>
    /// <param name="moreDdl">DDL of further tables, with grants to <c>:app</c>.</param>
    public static async Task Install(NpgsqlConnection owner, string appRole, string moreDdl = "", CancellationToken ct = default)
    {
        var app = '"' + appRole.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        await Migration.Execute(owner, "select pg_advisory_lock(hashtext('crm-migrate'))", ct);
        try
        {
            await Migration.OfMarten(owner, ct);
            await Migration.Briefly(owner, $"{Ours};{moreDdl};{FreeSpace};{Grants}".Replace(":app", app, StringComparison.Ordinal), ct);
        }
        finally
        {
            if (owner.State == System.Data.ConnectionState.Open)
                await owner.Execute("select pg_advisory_unlock(hashtext('crm-migrate'))", CancellationToken.None);
        }
    }

    /// <summary>Checks the settings of the database that <see cref="LogReader"/> and <see cref="Leases"/> rely on.</summary>
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
            throw new InvalidOperationException(
                "mt_events_sequence has another cache, increment or cycle than expected; expected cache 1, increment 1, no cycle"
            );
        if (!row.GetBoolean(1))
            throw new InvalidOperationException(
                "synchronous_commit is off; expected on, or a follower could deliver an event that is then lost in a crash"
            );
        if (!row.GetBoolean(2))
            throw new InvalidOperationException("the database server is a standby (in recovery); expected the primary");
        if (!row.GetBoolean(3))
            throw new InvalidOperationException(
                "track_activities is off; expected on, or leases of a suspended process would never be taken over"
            );
    }
}
