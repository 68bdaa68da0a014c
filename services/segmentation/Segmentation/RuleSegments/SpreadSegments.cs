using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>
/// After something was published, paused or withdrawn: finds for every customer when their memberships are due by it. A process that dies
/// half-way leaves the rest to the next one: it begins again, and what was found stays found.
/// </summary>
public sealed class SpreadSegments(SegmentBook book, SegmentationOptions options) : IDueWork
{
    const int AtOnce = 5_000;

    public string Name => "spread-segments";
    public TimeSpan Every => options.SpreadEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var segments = await book.Refresh(connection, ct);
        var done = await connection.QuerySingleOrDefaultAsync<long?>("select version from segment_spread");
        if (done == segments.Version)
            return [];
        // Rows that were being written by those who did not know of it are there by then.
        await Task.Delay(options.RefreshEvery, ct);
        var after = Guid.Empty;
        for (Guid[] ids; (ids = await Next(connection, after, ct)).Length > 0; after = ids[^1])
        {
            var rows = await FactRow.Around(connection, ids, ct);
            var groups = rows.Values.Where(r => r.SurvivorId is not null).ToLookup(r => r.SurvivorId!.Value);
            await JudgeSegments.Move(
                connection,
                [.. ids.Where(rows.ContainsKey).Select(id => (rows[id], rows[id].DueAt(groups[id], segments.Segments)))],
                ct
            );
        }
        await connection.ExecuteAsync(
            """
            insert into segment_spread (one, version) values (true, @Version) on conflict (one) do update set version = excluded.version
            """,
            new { segments.Version }
        );
        return [];
    }

    static async Task<Guid[]> Next(NpgsqlConnection connection, Guid after, CancellationToken ct) =>
        [
            .. await connection.QueryAsync<Guid>(
                new CommandDefinition(
                    "select customer_id from segment_facts where customer_id > @after order by customer_id limit @AtOnce",
                    new { after, AtOnce },
                    cancellationToken: ct
                )
            ),
        ];
}
