using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>
/// Asks about the facts of all customers at once: the rows are read in parts side by side, each decoded into the same memory.
/// </summary>
static class SegmentScan
{
    /// <summary>Calls for each customer who is judged under their own id, with the facts of all who are one with them.</summary>
    /// <param name="kinds">Only facts of these kinds are needed, as bits.</param>
    /// <param name="start">Makes what one part gathers; parts run side by side.</param>
    /// <param name="ask">The facts are valid until it returns.</param>
    public static async Task<IReadOnlyList<T>> Run<T>(
        NpgsqlDataSource db,
        ulong kinds,
        Func<T> start,
        Action<T, CustomerFacts> ask,
        CancellationToken ct
    )
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var survivors = (
            await connection.QueryAsync<Guid>(
                new CommandDefinition("select distinct survivor_id from segment_facts where survivor_id is not null", cancellationToken: ct)
            )
        ).ToArray();
        var pages = await connection.QuerySingleAsync<long>(
            "select pg_relation_size('segment_facts') / current_setting('block_size')::int"
        );
        var apart = survivors.ToHashSet();
        var parts = (int)Math.Clamp(pages / 100, 1, Environment.ProcessorCount);
        var gathered = await Task.WhenAll(
            Enumerable.Range(0, parts).Select(i => Task.Run(() => Part(db, kinds, start(), ask, apart, Bounds(i, parts, pages), ct), ct))
        );
        var groups = start();
        foreach (var some in survivors.Chunk(1_000))
        {
            var rows = await FactRow.Around(connection, some, ct);
            foreach (var id in some)
                if (rows.TryGetValue(id, out var row) && row.SurvivorId is null)
                    ask(groups, row.With(rows.Values));
        }
        return [.. gathered, groups];
    }

    // The last part takes what was added meanwhile.
    static string Bounds(int i, int parts, long pages) =>
        $"ctid >= '({pages * i / parts},0)'" + (i + 1 < parts ? $" and ctid < '({pages * (i + 1) / parts},0)'" : "");

    static async Task<T> Part<T>(
        NpgsqlDataSource db,
        ulong kinds,
        T gathered,
        Action<T, CustomerFacts> ask,
        HashSet<Guid> apart,
        string bounds,
        CancellationToken ct
    )
    {
        var facts = new CustomerFacts();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var rows = await connection.BeginBinaryExportAsync(
            $"copy (select customer_id, facts from segment_facts where survivor_id is null and {bounds}) to stdout (format binary)",
            ct
        );
        while (await rows.StartRowAsync(ct) >= 0)
        {
            facts.CustomerId = rows.Read<Guid>();
            var stored = rows.Read<byte[]>();
            if (apart.Contains(facts.CustomerId))
                continue;
            FactBytes.Read(stored, facts, kinds);
            ask(gathered, facts);
        }
        return gathered;
    }
}
