using NpgsqlTypes;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// The append is one statement, for one stream or a thousand. It writes the streams' rows first: it inserts new ones (fresh), updates those
/// that still have the version that was decided on (known), and adds to the version of others whatever it is (blind). Of two concurrent
/// appends the second waits for the row lock and then finds another version: it updates fewer rows than expected. That is the conflict. The
/// statement then divides by zero, and the transaction is rolled back. The unique index on (stream, version) is a second safeguard.
/// </summary>
static class Append
{
    const string Fresh = """
        fresh as (
            insert into mt_streams (id, type, version, timestamp, created)
            select id, type, version, $1, $1 from unnest(@a::uuid[], @b::varchar[], @c::bigint[]) f(id, type, version)
            on conflict (id) do nothing returning id, version)
        """;
    const string Known = """
        known as (
            update mt_streams s set version = k.version, timestamp = $1
            from unnest(@a::uuid[], @b::bigint[], @c::bigint[]) k(id, loaded, version)
            where s.id = k.id and s.version = k.loaded returning s.id, s.version)
        """;
    const string Blind = """
        blind as (
            insert into mt_streams as s (id, type, version, timestamp, created)
            select id, type, n, $1, $1 from unnest(@a::uuid[], @b::varchar[], @c::bigint[]) b(id, type, n)
            on conflict (id) do update set version = s.version + excluded.version, timestamp = excluded.timestamp returning id, version)
        """;

    /// <summary>One statement for each combination of fresh, known and blind streams, without the parts that it does not need.</summary>
    static readonly string[] sql = [.. Enumerable.Range(0, 8).Select(Sql)];

    static string Sql(int kinds)
    {
        (string Name, string Sql)[] parts =
        [
            .. new[] { ("fresh", Fresh), ("known", Known), ("blind", Blind) }.Where((_, i) => (kinds & 1 << i) != 0),
        ];
        var with = parts.Select(
            (part, i) =>
                part
                    .Sql.Replace("@a", $"${11 + 3 * i}", StringComparison.Ordinal)
                    .Replace("@b", $"${12 + 3 * i}", StringComparison.Ordinal)
                    .Replace("@c", $"${13 + 3 * i}", StringComparison.Ordinal)
        );
        var counted = kinds >= 4;
        return $"""
            with {string.Join(", ", with)}
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, correlation_id, causation_id, headers)
            select nextval('mt_events_sequence'), e.id, e.stream_id, {(
                counted ? "case when e.version > 0 then e.version else b.version + e.version end" : "e.version"
            )}, e.data, e.type, $1, e.correlation, e.causation, e.headers
            from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::jsonb[], $6::varchar[], $7::varchar[], $8::varchar[], $9::jsonb[])
                with ordinality e(id, stream_id, version, data, type, correlation, causation, headers, n) {(
                counted ? "left join blind b on b.id = e.stream_id" : ""
            )}
            where 1 / (({string.Join(" + ", parts.Select(p => $"(select count(*) from {p.Name})"))}) = $10)::int = 1
            order by e.n
            """;
    }

    public static void Add(SqlBatch batch, Attempt attempt, List<RecordedEvent> events, EventTypes types)
    {
        if (events.Count == 0)
            return;
        // All groups lock rows in the same order, so they never deadlock.
        var grown = attempt.Streams.Where(s => s.New.Count > 0).OrderBy(s => s.Id).ToList();
        var fresh = grown.FindAll(s => !s.Blind && s.LoadedVersion == 0);
        var known = grown.FindAll(s => !s.Blind && s.LoadedVersion > 0);
        var blind = grown.FindAll(s => s.Blind);
        var last = blind.ToDictionary(s => s.Id, s => -(long)s.New.Count);
        List<object?> values =
        [
            events[0].RecordedAt,
            Of(events, e => e.Id),
            Of(events, e => e.StreamId),
            Of(events, e => e.Version > 0 ? e.Version : ++last[e.StreamId]),
            Jsonb(Of(events, e => EventTypes.Write(e.Data))),
            Of(events, e => types.NameOf(e.Data.GetType())),
            Text(Of(events, e => e.Metadata.Correlation)),
            Text(Of(events, e => e.Metadata.Causation)),
            Jsonb(Of(events, e => Headers(e.Metadata))),
            (long)grown.Count,
        ];
        if (fresh.Count > 0)
            values.AddRange([Of(fresh, s => s.Id), Of(fresh, s => s.Type.Name), Of(fresh, s => s.Version)]);
        if (known.Count > 0)
            values.AddRange([Of(known, s => s.Id), Of(known, s => s.LoadedVersion), Of(known, s => s.Version)]);
        if (blind.Count > 0)
            values.AddRange([Of(blind, s => s.Id), Of(blind, s => s.Type.Name), Of(blind, s => (long)s.New.Count)]);
        batch.Add(sql[(fresh.Count > 0 ? 1 : 0) + (known.Count > 0 ? 2 : 0) + (blind.Count > 0 ? 4 : 0)], [.. values]);
    }

    static TColumn[] Of<TRow, TColumn>(List<TRow> rows, Func<TRow, TColumn> column)
    {
        var values = new TColumn[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = column(rows[i]);
        return values;
    }

    static byte[]? Headers(EventMetadata m) =>
        m is { Actor: null, TraceParent: null, Source: null, Import: null }
            ? null
            : JsonSerializer.SerializeToUtf8Bytes(
                new StoredEvents.Headers(m.Actor, m.TraceParent, m.Source, m.Import),
                EventStoreOptions.Json
            );

    static NpgsqlParameter Text(string?[] values) =>
        new() { Value = OrNull(values), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };

    public static NpgsqlParameter Jsonb(byte[]?[] values) =>
        new() { Value = OrNull(values), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

    /// <summary>A column that holds only nulls is sent as one null: unnest fills it up.</summary>
    static object OrNull<T>(T?[] values)
        where T : class => Array.TrueForAll(values, v => v is null) ? DBNull.Value : values;
}
