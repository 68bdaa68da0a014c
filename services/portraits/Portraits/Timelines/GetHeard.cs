using NpgsqlTypes;

namespace CrmPlatform.Portraits.Timelines;

/// <summary>What this room has heard of another one: how many entries that made, and up to which record of the other's.</summary>
/// <param name="Context">The other room.</param>
/// <param name="Entries">How many entries of the timeline its events made.</param>
/// <param name="RecordedAt">When the other room recorded the latest of them.</param>
public sealed record GetHeard(string Context, long Entries, DateTimeOffset RecordedAt)
{
    /// <summary>A row for each partition, since packets of different partitions are written at the same time.</summary>
    public const string Table = """
        ;create table if not exists heard (
            publisher text, partition int, entries bigint not null, recorded_at timestamptz not null, primary key (publisher, partition));
        grant select, insert, update on heard to :app
        """;

    /// <summary>Parameters 14 to 17 are <see cref="Values"/>.</summary>
    public const string Count = """
        insert into heard as h (publisher, partition, entries, recorded_at) select *
            from unnest($14::text[], $15::int[], $16::bigint[], $17::timestamptz[])
        on conflict (publisher, partition) do update set entries = h.entries + excluded.entries,
            recorded_at = greatest(h.recorded_at, excluded.recorded_at)
        """;

    public static object[] Values(IReadOnlyList<Entry> entries)
    {
        var parts = entries
            .GroupBy(e =>
                (Publisher: e.Contract[..e.Contract.IndexOf('.', StringComparison.Ordinal)], Partition: Partition.Of(e.CustomerId))
            )
            .OrderBy(p => p.Key)
            .ToList();
        return
        [
            parts.Select(p => p.Key.Publisher).ToArray(),
            parts.Select(p => p.Key.Partition).ToArray(),
            parts.Select(p => p.LongCount()).ToArray(),
            new NpgsqlParameter
            {
                Value = parts.Select(p => p.Max(e => e.RecordedAt).UtcDateTime).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
            },
        ];
    }

    public static void Map(CrmService room) =>
        room.MapGet(
            "ops/heard",
            "What this room has heard of each other one",
            "ops.read",
            async (NpgsqlDataSource db, CancellationToken ct) =>
            {
                return await db.Query<GetHeard>(
                    """
                    select publisher as Context, sum(entries)::bigint as Entries, max(recorded_at) as RecordedAt
                    from heard group by publisher order by publisher
                    """,
                    null,
                    ct
                );
            }
        );
}
