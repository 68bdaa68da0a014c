namespace CrmPlatform.EventSourcing;

/// <summary>
/// The tables: those of Marten 9 with Guid streams and metadata columns, so that a Marten DocumentStore reads the same database, and our
/// own: the inbox, snapshots, and where followers are stuck. DDL is the owner's; the application's role may insert events, never update or delete them.
/// </summary>
static class Schema
{
    public const string Ddl = """
        create table if not exists mt_streams (
            id uuid primary key,
            type varchar,
            version bigint,
            timestamp timestamptz not null default now(),
            created timestamptz not null default now(),
            tenant_id varchar default '*DEFAULT*',
            is_archived bool default false) with (fillfactor = 80);
        create table if not exists mt_events (
            seq_id bigint primary key,
            id uuid not null,
            stream_id uuid,
            version bigint not null,
            data jsonb not null,
            bdata bytea,
            type varchar(500) not null,
            timestamp timestamptz not null,
            tenant_id varchar default '*DEFAULT*',
            mt_dotnet_type varchar,
            correlation_id varchar,
            causation_id varchar,
            headers jsonb,
            is_archived bool default false,
            constraint pk_mt_events_stream_and_version unique (stream_id, version));
        create sequence if not exists mt_events_sequence cache 1;
        alter sequence mt_events_sequence owned by mt_events.seq_id;
        create table if not exists mt_event_progression (
            name varchar primary key,
            last_seq_id bigint,
            last_updated timestamptz default transaction_timestamp());
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

    /// <summary>Logs of the first versions have it. Asked first: to alter a table, even in vain, is to lock it.</summary>
    const string NoForeignKey = """
        do $$ begin
            if exists (select 1 from pg_constraint where conname = 'mt_events_stream_id_fkey') then alter table mt_events drop constraint mt_events_stream_id_fkey; end if;
        end $$
        """;

    /// <summary>Creates what is missing and grants to the application's role. Safe when several replicas start it at once.</summary>
    /// <param name="owner">A connection of the owning role.</param>
    /// <param name="appRole">The role that the service runs as; it owns the read schemas.</param>
    /// <param name="moreDdl">Tables that live beside the log, with their grants written as <c>:app</c>.</param>
    public static async Task Install(NpgsqlConnection owner, string appRole, string moreDdl = "", CancellationToken ct = default)
    {
        var app = '"' + appRole.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        await using var tx = await owner.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(owner, tx);
        new SqlBatch(batch)
            .Add("select pg_advisory_xact_lock(hashtext('crm-migrate'))")
            .Add("create schema if not exists read")
            .Add("create schema if not exists rebuild");
        foreach (var statement in Statements(Ddl + moreDdl.Replace(":app", app, StringComparison.Ordinal))) batch.BatchCommands.Add(new(statement));
        new SqlBatch(batch)
            .Add(NoForeignKey)
            .Add($"grant usage on schema public to {app}")
            .Add($"grant select, insert on mt_events to {app}")
            .Add($"grant select, insert, update on mt_streams, mt_event_progression, snapshots to {app}")
            .Add($"grant usage, select on sequence mt_events_sequence to {app}")
            .Add($"grant select, insert, delete on inbox to {app}")
            .Add($"grant select, insert, update, delete on follower_stuck to {app}")
            .Add($"grant all on schema read, rebuild to {app}");
        await batch.ExecuteNonQueryAsync(ct);
        await tx.CommitAsync(ct);
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

    static string[] Statements(string sql) =>
        sql.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
