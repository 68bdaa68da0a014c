namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Finds names that hold a text. Those with all its pairs of characters are candidates; their names are opened and compared, so many at a
/// time, until a page is full.
/// </summary>
public sealed class SearchNames(NpgsqlDataSource db, EventStore store, PersonalIndex index, GetCustomers customers)
{
    const int MostAtOnce = 1_000;

    /// <summary>
    /// How many names have a pair differs a thousandfold: each search gets a plan of its own, by the statistics of its pairs, and with the
    /// costs of rows in memory (docs/decisions/0049).
    /// </summary>
    const string Planning = """
        select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('max_parallel_workers_per_gather', '0', true),
            set_config('random_page_cost', '0.3', true), set_config('cpu_tuple_cost', '0.3', true)
        """;

    public async Task<Page<DirectoryEntry>> List(string name, int? limit, string? after, CancellationToken ct)
    {
        var folded = Names.Folded(name);
        if (folded.Length == 0)
            throw new BadRequestException("name", "a part of a name, not only white space");
        var (grams, size, from) = (SealedNames.Asked(index, folded), PageLimit.Of(limit), GetCustomers.Cursor(after));
        var found = new List<Guid>();
        for (var batch = size + 1; found.Count <= size; batch = Math.Min(2 * batch, MostAtOnce))
        {
            var candidates = await Candidates(grams, from, batch, ct);
            var names = await SealedNames.Of(store, candidates, ct);
            found.AddRange(
                candidates
                    .Select(c => c.Id)
                    .Where(id => names.TryGetValue(id, out var there) && Names.Folded(there).Contains(folded, StringComparison.Ordinal))
            );
            if (candidates.Count < batch)
                break;
            from = candidates[^1].Id;
        }
        return await customers.List("id = any(@found)", new() { ["found"] = found.ToArray() }, size, after, ct, foundByPersonalText: true);
    }

    async Task<List<(Guid Id, long Version)>> Candidates(long[] grams, Guid from, int size, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(Planning));
        batch.BatchCommands.Add(
            new(
                """
                select customer_id, version from directory_names where grams @> $1 and customer_id > $2
                order by customer_id limit $3
                """
            )
            {
                Parameters =
                {
                    new() { Value = grams },
                    new() { Value = from },
                    new() { Value = size },
                },
            }
        );
        await using var rows = await batch.ExecuteReaderAsync(ct);
        await rows.NextResultAsync(ct);
        var candidates = new List<(Guid, long)>();
        while (await rows.ReadAsync(ct))
            candidates.Add((rows.GetGuid(0), rows.GetInt64(1)));
        return candidates;
    }
}
