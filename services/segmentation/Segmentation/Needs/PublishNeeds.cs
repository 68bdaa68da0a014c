using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>
/// Tells every customer whose needs a run changed, in transactions of 500. Doing it twice changes nothing, so a run whose process died
/// half-way is simply published again by the next one that looks.
/// </summary>
public sealed class PublishNeeds(
    NpgsqlDataSource db,
    EventStore store,
    Business business,
    TimeProvider clock,
    IHostApplicationLifetime lifetime
) : IPeriodic
{
    const int Chunk = 500;

    public string Name => "publish-needs";
    public TimeSpan Every => TimeSpan.FromSeconds(30);
    public FirstRun First => FirstRun.AtOnce;

    /// <summary>Publishes what a process that died left unpublished.</summary>
    public async Task Run(CancellationToken ct)
    {
        var left = await db.Query<Guid>(
            "select run_id from needs_runs where publishes and published_at is null order by as_of, through",
            null,
            ct
        );
        foreach (var run in left)
            await Publish(run);
    }

    /// <summary>Goes on when the caller leaves, until the process stops. One run is told at a time, whichever replica tells it.</summary>
    /// <param name="why">Who asked for the run; null where the clock did.</param>
    /// <param name="again">Also a run that was told before: whoever may be judged again since then is.</param>
    public async Task Publish(Guid runId, EventMetadata? why = null, bool again = false)
    {
        var ct = lifetime.ApplicationStopping;
        await using var connection = await db.OpenConnectionAsync(ct);
        await ProcessLock.Take(connection, store, "crm-run", Name, ct);
        try
        {
            var run = (await NeedsRunList.Find(db, runId, ct))!;
            if ((run.PublishedAt is not null && !again) || !run.Fact.Publishes)
                return;
            var request = new Request(clock, ct) { Metadata = why ?? EventMetadata.None };
            var changed = (await NeedsRunList.Latest(db, ct))!.Id == runId ? await Tell(request, run, ct) : 0;
            await store.Write(request, NeedsRun.Of(runId), r => r.Published ? [] : [new NeedsPublished(changed, request.Now)]);
        }
        finally
        {
            await ProcessLock.Give(connection, store, "crm-run", Name);
        }
    }

    async Task<int> Tell(Request request, NeedsRunRow run, CancellationToken ct)
    {
        var window = run.Window(business);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var scan = await NeedScan.Begin(connection, window, ct);
        var at =
            run.PublishedAt is not null ? request.Now
            : run.Fact.OccurredAt < window.Until ? run.Fact.OccurredAt
            : window.Until.AddSeconds(-1);
        // By a process that died half-way.
        var before = run.PublishedAt is null ? await ToldBy.Run(connection, run.Id, window.Through, ["need_inferred", "need_gone"], ct) : 0;
        var told = new HashSet<Guid>();
        foreach (var scale in run.Fact.Scales)
        foreach (var some in (await Moved(connection, scan, scale, ct)).Chunk(Chunk))
        {
            var histories = await scan.Some(some, ct);
            var groups = await CustomerGroups.Of(db, some, ct);
            var writes = some.Select(id =>
            {
                var history = histories[id];
                var found = new NeedFinding(scale, history.Count(window), history.Shown(window), history.Others, run.Id, run.Fact.AsOf);
                return CustomerNeeds.About(id, [.. history.Others.Union(groups[id].OthersThan(id))], d => d.Take(found, at));
            });
            var done = await store.Execute(request, [.. writes]);
            told.UnionWith(some.Where((_, i) => done[i].Events.Count > 0));
        }
        return before + told.Count;
    }

    /// <summary>Those whose band the run may change: they have another one, or had one and have no orders any more.</summary>
    static async Task<List<Guid>> Moved(NpgsqlConnection connection, NeedScan scan, NeedScale scale, CancellationToken ct)
    {
        var before = (
            await connection.QueryAsync<(Guid Customer, string Band)>(
                new CommandDefinition(
                    "select customer_id, band from customer_needs where code = @Code and origin = 'inferred'",
                    new { scale.Code },
                    cancellationToken: ct
                )
            )
        ).ToDictionary(b => b.Customer, b => Enum.Parse<NeedBand>(b.Band));
        var (moved, stay) = (new List<Guid>(), new HashSet<Guid>());
        await scan.Everybody(
            (id, count) =>
            {
                NeedBand? was = before.TryGetValue(id, out var band) ? band : null;
                if (scale.BandOf(count, was) != was)
                    moved.Add(id);
                else if (was is not null)
                    stay.Add(id);
            },
            ct
        );
        moved.AddRange(before.Keys.Where(id => !stay.Contains(id)).Except(moved));
        return moved;
    }
}
