using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>
/// Declares who has left, closes episodes of who came back, and warns when P(alive) falls: each at its own instant, so neither the interval
/// nor how late it runs matters. While a source tells of the past (an import), those who buy there wait, as for the lifecycle's clock.
/// </summary>
public sealed class JudgeChurn(RiskModels models, EventStore store, SegmentationOptions options) : IDueWork
{
    const int AtOnce = 2_000;

    const string Sql = """
        select f.customer_id from churn_facts f
        where f.due_at <= @now and (@over or not exists (
            select from lifecycle_settling i join lifecycle_source s on s.source in (i.source, '') and (s.customer_id = f.customer_id
                or s.customer_id in (select m.customer_id from churn_facts m where m.survivor_id = f.customer_id))
            where i.noted_at > @since and i.began_at > @cap))
        order by f.due_at limit @AtOnce
        """;

    public string Name => "judge-churn";
    public TimeSpan Every => options.ChurnEvery;

    /// <summary>Nobody has to wait.</summary>
    public bool ImportIsOver { get; init; }

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var by = await models.Now(connection, ct);
        var wait = new
        {
            now,
            since = now - options.ImportSettles,
            cap = now - options.ImportLasts,
            over = ImportIsOver,
            AtOnce,
        };
        var due = (await connection.QueryAsync<Guid>(new CommandDefinition(Sql, wait, cancellationToken: ct))).AsList();
        if (due.Count == 0)
            return [];
        var rows = await ChurnRow.Around(connection, [.. due], ct);
        var groups = rows.Values.Where(r => r.SurvivorId is not null).ToLookup(r => r.SurvivorId!.Value);
        var (writes, moved) = (new List<Write>(), new List<(ChurnRow, DateTimeOffset?)>());
        foreach (var row in due.Where(rows.ContainsKey).Select(id => rows[id]))
        {
            var facts = row.Facts(groups[row.CustomerId]);
            var changes = row.Churn.Judge(facts, by, now);
            if (changes.Length == 0)
            {
                moved.Add((row, row.Churn.Next(facts, by, now)));
                continue;
            }
            var found = await Found(changes.OfType<ChurnDeclared>(), groups[row.CustomerId].Select(m => m.CustomerId), ct);
            writes.Add(Write.To(CustomerChurn.Of(row.CustomerId), churn => churn.Judge(facts, by, now, found.GetValueOrDefault)));
        }
        await ChurnRow.Move(connection, moved, ct);
        return writes;
    }

    async Task<Dictionary<Guid, Finding?>> Found(IEnumerable<ChurnDeclared> declared, IEnumerable<Guid> members, CancellationToken ct)
    {
        var found = new Dictionary<Guid, Finding?>();
        List<RecordedEvent>? events = null;
        foreach (var episode in declared)
        {
            if (events is null)
            {
                events = [];
                foreach (var id in members.Prepend(episode.CustomerId))
                    events.AddRange(await store.FetchStream(CustomerValue.Of(id).Id, ct: ct));
            }
            found[episode.EpisodeId] = CauseRules.Find(Signals.Of(events, episode.Since), episode.Since);
        }
        return found;
    }
}

/// <summary>After another model was activated: finds for every customer when they are due by it. Begins again if a process dies.</summary>
public sealed class SpreadModel(RiskModels models, SegmentationOptions options) : IDueWork
{
    const int AtOnce = 5_000;

    public string Name => "spread-risk-model";
    public TimeSpan Every => options.ChurnEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var by = await models.Now(connection, ct);
        var done = await connection.QuerySingleOrDefaultAsync<Guid?>("select model_id from churn_spread");
        if (by.Model is not { } model || done == model.Id)
            return [];
        // Rows that were being written by those who did not know of it are there by then.
        await Task.Delay(options.RefreshEvery, ct);
        var after = Guid.Empty;
        for (Guid[] ids; (ids = await Next(connection, after, ct)).Length > 0; after = ids[^1])
        {
            var rows = await ChurnRow.Around(connection, ids, ct);
            var groups = rows.Values.Where(r => r.SurvivorId is not null).ToLookup(r => r.SurvivorId!.Value);
            await ChurnRow.Move(
                connection,
                [.. ids.Where(rows.ContainsKey).Select(id => (rows[id], rows[id].DueAt(rows[id].Facts(groups[id]), by, now)))],
                ct
            );
        }
        await connection.ExecuteAsync(
            "insert into churn_spread (one, model_id) values (true, @Id) on conflict (one) do update set model_id = excluded.model_id",
            new { model.Id }
        );
        return [];
    }

    static async Task<Guid[]> Next(NpgsqlConnection connection, Guid after, CancellationToken ct) =>
        [
            .. await connection.QueryAsync<Guid>(
                new CommandDefinition(
                    "select customer_id from churn_facts where customer_id > @after order by customer_id limit @AtOnce",
                    new { after, AtOnce },
                    cancellationToken: ct
                )
            ),
        ];
}
