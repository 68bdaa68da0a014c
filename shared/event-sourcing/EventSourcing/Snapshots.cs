namespace CrmPlatform.EventSourcing;

/// <summary>The state of a stream at a version, as JSON. It is loaded before the events after it, as if it were an event.</summary>
sealed record Snapshot(byte[] State);

/// <summary>
/// Snapshots of long streams, so that a load reads about a thousand events at most. They are a cache of the log: deleting all of them is
/// safe.
/// </summary>
static class Snapshots
{
    public const string Name = "";
    const int Every = 1_000;

    /// <summary>
    /// A stream that grows by thousands of events a second is in the cache of the process that writes it. So its state, which may be large,
    /// is written only this often.
    /// </summary>
    static readonly TimeSpan rest = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Loads streams as <see cref="Loader"/> does, from their snapshots where there are any of the kinds in $3. It is one statement, so a
    /// snapshot and the events after it are seen at the same moment.
    /// </summary>
    public const string Load = $"""
        with s as materialized (
            select i.id, n.version, n.state, greatest(i.known, n.version) as known
            from unnest($1::uuid[], $2::bigint[], $3::varchar[]) i(id, known, kind)
            left join snapshots n on n.stream_id = i.id and n.kind = i.kind and n.version > i.known)
        select 0::bigint, id, id as stream_id, version, '{Name}', state, now(), null, null, null from s where version is not null
        union all
        select {StoredEvents.Columns} from s join mt_events e on e.stream_id = s.id and e.version > s.known
        order by stream_id, version
        """;
    const string Keep = """
        insert into snapshots as s (stream_id, kind, version, state)
        select stream_id, kind, version, state
        from unnest($1::uuid[], $2::varchar[], $3::bigint[], $4::jsonb[]) n(stream_id, kind, version, state)
        on conflict (stream_id) do update set kind = excluded.kind, version = excluded.version, state = excluded.state
        where s.kind <> excluded.kind or s.version < excluded.version
        """;

    /// <summary>Writes snapshots of streams that have passed a multiple of 1,000 events, or whose load had to read as many.</summary>
    public static void Add(SqlBatch sql, Attempt attempt)
    {
        List<Attempt.Stream> due =
        [
            .. attempt.Streams.Where(s =>
                s.New.Count > 0
                && (
                    s.Read >= Every
                    || (s.Version / Every > s.LoadedVersion / Every && (s.SnapshotAt == 0 || Stopwatch.GetElapsedTime(s.SnapshotAt) > rest))
                )
                && s.Type.Snapshots is not null
            ),
        ];
        foreach (var stream in due)
            stream.SnapshotAt = Stopwatch.GetTimestamp();
        if (due.Count > 0)
            sql.Add(
                Keep,
                due.Select(s => s.Id).ToArray(),
                due.Select(s => s.Type.Snapshots).ToArray(),
                due.Select(s => s.Version).ToArray(),
                Append.Jsonb([.. due.Select(s => JsonSerializer.SerializeToUtf8Bytes(s.State, s.Type.State, EventStoreOptions.Json))])
            );
    }
}
