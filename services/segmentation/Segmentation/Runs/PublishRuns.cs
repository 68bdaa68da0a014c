using System.Text.Json;
using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>
/// Tells every customer whom a run changed, in transactions of 500, reading pages of 5,000. Doing it twice changes nothing, so a run whose
/// process died half-way is simply published again by the next one that looks.
/// </summary>
public sealed class PublishRuns(
    NpgsqlDataSource db,
    EventStore store,
    RefreshYardsticks refresh,
    Business business,
    SegmentationOptions options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime
) : IPeriodic, IDisposable
{
    const int Chunk = 500,
        Page = 5_000;

    readonly SemaphoreSlim one = new(1);

    /// <summary>Goes on when the caller leaves, until the process stops.</summary>
    /// <param name="why">Who asked for the run; null where the clock did.</param>
    public async Task Publish(Guid runId, EventMetadata? why = null)
    {
        var ct = lifetime.ApplicationStopping;
        await one.WaitAsync(ct);
        try
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            var run = await connection.QuerySingleAsync<Row>(
                """
                select r.as_of as AsOf, r.through, r.published_at is not null as Published, r.rfm::text, r.abc::text,
                       r.scored_at as ScoredAt,
                       before.run_id as BeforeId, before.rfm::text as BeforeRfm, before.abc::text as BeforeAbc,
                       exists (select from scoring_runs later where later.publishes
                           and (later.as_of, later.through) > (r.as_of, r.through)) as Superseded
                from scoring_runs r left join lateral (
                    select run_id, rfm, abc from scoring_runs where publishes and as_of < r.as_of order by as_of desc, through desc limit 1
                ) before on true
                where r.run_id = @runId
                """,
                new { runId }
            );
            if (run.Published)
                return;
            var request = new Request(clock, ct) { Metadata = why ?? EventMetadata.None };
            var (changed, standing) = run.Superseded ? (0, null) : await Tell(request, connection, runId, run, ct);
            await store.Write(request, ScoringRun.Of(runId), r => ScoringRun.Finish(r, new(changed, request.Now, standing)));
        }
        finally
        {
            one.Release();
        }
    }

    async Task<(int Changed, Dictionary<string, int>? Standing)> Tell(
        Request request,
        NpgsqlConnection connection,
        Guid runId,
        Row row,
        CancellationToken ct
    )
    {
        var run = Scales(runId, row.Rfm, row.Abc);
        var before = row.BeforeId is { } id ? Scales(id, row.BeforeRfm!, row.BeforeAbc!) : null;
        await refresh.Run(ct);
        // Purchases that come in from now on are scored by this run, here and on every other replica.
        await Task.Delay(options.RefreshEvery * 1.5, ct);
        var until = business.StartOf(run.Rfm.AsOf.AddDays(1));
        var at = row.ScoredAt < until ? row.ScoredAt : until.AddSeconds(-1);
        // By a process that died half-way.
        var changed = await ToldBy.Run(connection, runId, row.Through, ["rfm_scored", "abc_grade_changed"], ct);
        var standing = AbcScale.Grades.ToDictionary(g => g, _ => 0);
        await foreach (var page in Population.Pages(connection, until, until, long.MaxValue, Page, ct))
        {
            var told = page.FindAll(m => Differs(m, run));
            var grades = page.ToDictionary(m => m.CustomerId, m => m.Grade);
            foreach (var chunk in told.Chunk(Chunk))
            {
                var others = await Others(connection, [.. chunk.Select(m => m.CustomerId)]);
                var done = await store.Execute(request, [.. chunk.Select(m => To(m, [.. others[m.CustomerId]], grades))]);
                changed += done.Count(d => d.Events.Count > 0);
            }
            foreach (var member in page)
                if (member.Orders > 0 && grades[member.CustomerId] is { } grade)
                    standing[grade]++;
        }
        return (changed, standing);

        Write To(Member member, Guid[] with, Dictionary<Guid, string?> grades)
        {
            var take = new TakeRun(run, before, member.Orders > 0 ? member.Revenue : null, at);
            return Together.Judge(
                member.CustomerId,
                with,
                customer =>
                {
                    var facts = take.Decide(customer, business);
                    grades[member.CustomerId] = facts.Aggregate(customer, (state, fact) => state.Evolve(fact)).Grade;
                    return facts;
                }
            );
        }
    }

    static PublishedRun Scales(Guid id, string rfm, string abc) =>
        new(
            id,
            JsonSerializer.Deserialize<RfmScale>(rfm, EventStoreOptions.Json)!,
            JsonSerializer.Deserialize<AbcScale>(abc, EventStoreOptions.Json)!
        );

    static async Task<ILookup<Guid, Guid>> Others(NpgsqlConnection connection, Guid[] customers) =>
        (
            await connection.QueryAsync<(Guid Survivor, Guid Member)>(
                "select survivor_id, customer_id from customer_groups where survivor_id = any(@customers) and customer_id <> survivor_id",
                new { customers }
            )
        ).ToLookup(g => g.Survivor, g => g.Member);

    /// <summary>Whether the run may mean anything new for a customer; the decision itself asks the stream.</summary>
    bool Differs(Member member, PublishedRun run)
    {
        if (member.Later)
            return member.Bought;
        if (member.Orders == 0)
            return member.Segment is not null || member.R is not null || member.Grade is not null;
        var metrics = member.Metrics(business);
        var scores = run.Rfm.Score(metrics);
        return (scores.Recency, scores.Frequency, scores.Monetary) != (member.R, member.F, member.M)
            || member.Segment != SegmentGrid.Of(scores)
            || member.ChineseType != run.Rfm.ChineseType(metrics)
            || member.Grade != run.Abc.Grade(member.Revenue);
    }

    public string Name => "publish-runs";
    public TimeSpan Every => TimeSpan.FromSeconds(30);
    public FirstRun First => FirstRun.AtOnce;

    /// <summary>Publishes what a process that died left unpublished.</summary>
    public async Task Run(CancellationToken ct)
    {
        foreach (
            var left in await db.Query<Guid>(
                "select run_id from scoring_runs where publishes and published_at is null order by as_of, through",
                null,
                ct
            )
        )
            await Publish(left);
    }

    public void Dispose() => one.Dispose();

    sealed record Row(
        DateOnly AsOf,
        long Through,
        bool Published,
        string Rfm,
        string Abc,
        DateTimeOffset ScoredAt,
        Guid? BeforeId,
        string? BeforeRfm,
        string? BeforeAbc,
        bool Superseded
    );
}
