using Npgsql;
using NpgsqlTypes;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>The tables of the previous version, before Marten, and the statements with which its replicas read and write.</summary>
static class VersionBefore
{
    /// <summary>Its tables, with the application's role as <c>:app</c>.</summary>
    public const string Tables = """
        create schema read;
        create schema rebuild;
        create table mt_streams (
            id uuid primary key,
            type varchar,
            version bigint,
            timestamp timestamptz not null default now(),
            created timestamptz not null default now(),
            tenant_id varchar default '*DEFAULT*',
            is_archived bool default false) with (fillfactor = 80);
        create table mt_events (
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
        create sequence mt_events_sequence cache 1;
        alter sequence mt_events_sequence owned by mt_events.seq_id;
        create table mt_event_progression (
            name varchar primary key,
            last_seq_id bigint,
            last_updated timestamptz default transaction_timestamp());
        create table inbox (
            message_id uuid primary key,
            received_at timestamptz not null default now());
        create table snapshots (
            stream_id uuid primary key,
            kind varchar not null,
            version bigint not null,
            state jsonb not null);
        create table follower_stuck (
            name varchar primary key,
            seq_id bigint not null,
            error varchar not null,
            holder varchar not null);
        grant usage on schema public to :app;
        grant select, insert on mt_events to :app;
        grant select, insert, update on mt_streams, mt_event_progression, snapshots to :app;
        grant usage, select on sequence mt_events_sequence to :app;
        grant select, insert, delete on inbox to :app;
        grant select, insert, update, delete on follower_stuck to :app;
        grant all on schema read, rebuild to :app;
        """;

    /// <summary>Its append to new and known streams and, blindly, to others.</summary>
    public const string Append = """
        with fresh as (
            insert into mt_streams (id, type, version, timestamp, created)
            select id, type, version, $1, $1 from unnest($11::uuid[], $12::varchar[], $13::bigint[]) f(id, type, version)
            on conflict (id) do nothing returning id, version),
        known as (
            update mt_streams s set version = k.version, timestamp = $1
            from unnest($14::uuid[], $15::bigint[], $16::bigint[]) k(id, loaded, version)
            where s.id = k.id and s.version = k.loaded returning s.id, s.version),
        blind as (
            insert into mt_streams as s (id, type, version, timestamp, created)
            select id, type, n, $1, $1 from unnest($17::uuid[], $18::varchar[], $19::bigint[]) b(id, type, n)
            on conflict (id) do update set version = s.version + excluded.version, timestamp = excluded.timestamp returning id, version)
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, correlation_id, causation_id, headers)
        select nextval('mt_events_sequence'), e.id, e.stream_id, case when e.version > 0 then e.version else b.version + e.version end,
            e.data, e.type, $1, e.correlation, e.causation, e.headers
        from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::jsonb[], $6::varchar[], $7::varchar[], $8::varchar[], $9::jsonb[])
            with ordinality e(id, stream_id, version, data, type, correlation, causation, headers, n)
        left join blind b on b.id = e.stream_id
        where 1 / (((select count(*) from fresh) + (select count(*) from known) + (select count(*) from blind)) = $10)::int = 1
        order by e.n
        """;

    public const string Load = """
        select e.seq_id, e.id, e.stream_id, e.version, e.type, e.data, e.timestamp, e.correlation_id, e.causation_id, e.headers
        from mt_events e where e.stream_id = $1 and e.version > $2 order by e.version
        """;

    /// <summary>Its lock of streams after a conflict.</summary>
    public const string Lock = "select id from mt_streams where id = any($1) order by id for no key update";

    /// <summary>
    /// One command of the previous version: it writes to a new stream, to a known one and blindly to a third; after a conflict it retries
    /// with the streams locked.
    /// </summary>
    public static async Task Write(NpgsqlDataSource db, Guid known, Guid noted, long version)
    {
        var fresh = Guid.CreateVersion7();
        for (var attempt = 0; ; attempt++)
            try
            {
                await using var connection = await db.OpenConnectionAsync();
                await using var batch = new NpgsqlBatch(connection);
                var sql = new SqlBatch(batch);
                if (attempt > 0)
                    sql.Add("begin").Add(Lock, (object)new[] { fresh, known });
                sql.Add(Load, known, 0L);
                Guid[] isNew = version == 0 ? [fresh, known] : [fresh],
                    isKnown = version == 0 ? [] : [known];
                sql.Add(
                    Append,
                    DateTimeOffset.UnixEpoch.AddDays(1),
                    new[] { Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7() },
                    new[] { fresh, known, noted },
                    new[] { 1, version + 1, 0 },
                    Json(3),
                    new[] { "item_added", "item_added", "noted" },
                    Null(NpgsqlDbType.Varchar),
                    Null(NpgsqlDbType.Varchar),
                    Null(NpgsqlDbType.Jsonb),
                    3L,
                    isNew,
                    isNew.Select(_ => "basket").ToArray(),
                    isNew.Select(_ => 1L).ToArray(),
                    isKnown,
                    isKnown.Select(_ => version).ToArray(),
                    isKnown.Select(_ => version + 1).ToArray(),
                    new[] { noted },
                    new[] { "journal" },
                    new[] { 1L }
                );
                if (attempt > 0)
                    sql.Add("commit");
                await batch.ExecuteNonQueryAsync();
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < 10) { }
    }

    static NpgsqlParameter Json(int n) =>
        new()
        {
            Value = Enumerable.Repeat("""{"item": "pear", "quantity": 1, "number": 1}"""u8.ToArray(), n).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
        };

    static NpgsqlParameter Null(NpgsqlDbType type) => new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | type };
}
