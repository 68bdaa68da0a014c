using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// The SQL of an append, for one stream or a thousand. The guard is the unique index on (stream, version): events are inserted at the version
/// that the decision saw, so whoever comes second breaks the index, and the whole transaction is taken back. The stream rows are written
/// first: a second writer waits there instead of doing work that is thrown away.
/// </summary>
static class Append
{
    const string NewStreams = """
        insert into mt_streams (id, type, version, timestamp, created)
        select id, type, version, $4, $4 from unnest($1::uuid[], $2::varchar[], $3::bigint[]) s(id, type, version) order by id
        on conflict (id) do nothing
        """;
    const string KnownStreams = """
        update mt_streams s set version = u.version, timestamp = $4
        from unnest($1::uuid[], $2::bigint[], $3::bigint[]) u(id, version, loaded) where s.id = u.id and s.version = u.loaded
        """;
    const string EventsAtVersions = """
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
        select nextval('mt_events_sequence'), e.id, e.stream_id, e.version, e.data, e.type, $6, e.dotnet, e.correlation, e.causation, e.headers
        from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::jsonb[], $5::varchar[], $7::varchar[], $8::varchar[], $9::varchar[], $10::jsonb[])
            with ordinality e(id, stream_id, version, data, type, dotnet, correlation, causation, headers, n)
        order by e.n
        """;
    // Blind: the stream's row is locked and counts; nobody's version is asked, so nobody's append fails.
    const string EventsCountedHere = """
        with grown as (
            insert into mt_streams as s (id, type, version, timestamp, created)
            select id, type, n, $6, $6 from unnest($11::uuid[], $12::varchar[], $13::bigint[]) g(id, type, n) order by id
            on conflict (id) do update set version = s.version + excluded.version, timestamp = excluded.timestamp
            returning id, version)
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
        select nextval('mt_events_sequence'), e.id, e.stream_id, g.version - e.behind, e.data, e.type, $6, e.dotnet, e.correlation, e.causation, e.headers
        from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::jsonb[], $5::varchar[], $7::varchar[], $8::varchar[], $9::varchar[], $10::jsonb[])
            with ordinality e(id, stream_id, behind, data, type, dotnet, correlation, causation, headers, n)
        join grown g on g.id = e.stream_id order by e.n
        """;

    public static void Add(SqlBatch sql, Fold fold, List<RecordedEvent> recorded, EventTypes types)
    {
        if (recorded.Count == 0) return;
        var now = recorded[0].RecordedAt;
        var grown = fold.Streams.Where(s => s.New.Count > 0).ToList();
        var fresh = grown.Where(s => !s.Blind && s.LoadedVersion == 0).ToList();
        var known = grown.Where(s => !s.Blind && s.LoadedVersion > 0).ToList();
        var blind = grown.Where(s => s.Blind).ToList();
        if (fresh.Count > 0) sql.Add(NewStreams, Ids(fresh), fresh.Select(s => types.StreamTypeOf(s.StateType)).ToArray(), fresh.Select(s => s.Version).ToArray(), now);
        if (known.Count > 0) sql.Add(KnownStreams, Ids(known), known.Select(s => s.Version).ToArray(), known.Select(s => s.LoadedVersion).ToArray(), now);
        if (fresh.Count + known.Count > 0) sql.Add(EventsAtVersions, [.. Columns([.. recorded.Where(r => r.Version > 0)], r => r.Version)]);
        if (blind.Count == 0) return;

        var left = blind.ToDictionary(s => s.Id, s => (long)s.New.Count);
        sql.Add(EventsCountedHere, [
            .. Columns([.. recorded.Where(r => r.Version == 0)], r => --left[r.StreamId]),
            Ids(blind), blind.Select(s => types.StreamTypeOf(s.StateType)).ToArray(), blind.Select(s => (long)s.New.Count).ToArray()]);

        object?[] Columns(RecordedEvent[] events, Func<RecordedEvent, long> version) => [
            events.Select(e => e.Id).ToArray(), events.Select(e => e.StreamId).ToArray(), events.Select(version).ToArray(),
            Jsonb(events.Select(e => EventTypes.Write(e.Data))), events.Select(e => types.NameOf(e.Data.GetType())).ToArray(), now,
            events.Select(e => types.DotNetNameOf(e.Data.GetType())).ToArray(), events.Select(e => e.Metadata.Correlation).ToArray(),
            events.Select(e => e.Metadata.Causation).ToArray(), Jsonb(events.Select(e => Headers(e.Metadata)))];
    }

    static Guid[] Ids(List<Fold.Stream> streams) => [.. streams.Select(s => s.Id)];

    static byte[]? Headers(EventMetadata m) => m is { Actor: null, TraceParent: null }
        ? null
        : JsonSerializer.SerializeToUtf8Bytes(new EventStore.Headers(m.Actor, m.TraceParent), EventStoreOptions.Json);

    static NpgsqlParameter Jsonb(IEnumerable<byte[]?> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };
}
