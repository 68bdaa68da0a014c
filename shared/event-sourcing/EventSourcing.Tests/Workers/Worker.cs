using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// This assembly as a program: one replica of a service, for tests that kill and suspend real processes. The connection string is given in
/// <c>WORKER_DATABASE</c>.
/// <para><c>follow</c>: runs a daemon with the subscription <c>witness</c>, an inline and an async projection, until it is killed.
/// <c>delay</c>: milliseconds per event of the witness. <c>pause</c>: milliseconds per page. <c>page</c>: events in a page.
/// <c>gaps=ignored</c>: instead of a daemon, a witness that does not wait at gaps and writes to <c>table</c>, to show that events are then
/// lost.</para>
/// <para><c>rebuild</c>: rebuilds both projections, again and again.</para>
/// <para><c>write</c>: sends commands for some <c>seconds</c> from some <c>writers</c>, beginning with a <c>seed</c>, with rollbacks and
/// commits of up to <c>slow</c> milliseconds in between. <c>again</c>: numbers of commands to send first. <c>commit=off</c>: acknowledges
/// commits that are not on the disk yet, to show that they are then lost. Prints the number of each acknowledged command.</para>
/// </summary>
static class Worker
{
    public static async Task<int> Main(string[] args)
    {
        var given = args.Skip(1).Select(a => a.Split('=', 2)).ToDictionary(a => a[0], a => a[1]);
        await using var db = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("WORKER_DATABASE"))
            {
                ApplicationName = $"worker-{Environment.ProcessId}",
                SearchPath = "read,public",
                MaxAutoPrepare = 200,
                AutoPrepareMinUsages = 2,
                NoResetOnClose = true,
                Options =
                    "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off "
                    + $"-c synchronous_commit={given.GetValueOrDefault("commit", "on")}",
            }.ToString()
        );
        var witness = new Witness(db, given.GetValueOrDefault("table", "seen"), Number("delay", 0), Number("pause", 0));
        var store = new EventStore(db, Options(witness, Number("page", 1_000), Number("pause", 0)), TimeProvider.System);
        var again = given
            .GetValueOrDefault("again", "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture));
        if (args[0] == "write")
            await new Writers(db, store, Number("seed", 1), Number("slow", 30), again).Run(
                Number("writers", 4),
                TimeSpan.FromSeconds(Number("seconds", 5))
            );
        else if (args[0] == "rebuild")
            await Rebuild(db, store);
        else if (given.GetValueOrDefault("gaps") == "ignored")
            await FollowCarelessly(db, store, witness);
        else
            await Follow(db, store);
        return 0;

        int Number(string name, int otherwise) =>
            given.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
    }

    public static EventStoreOptions Options(ISubscription witness, int page = 1_000, int pause = 0) =>
        new EventStoreOptions { PageSize = page }
            .Aggregate<Basket, IBasketEvent>("basket")
            .Aggregate<Journal, IJournalEvent>("journal")
            .Inline(new BasketCounts("counts-inline", "counts_inline", pause))
            .Async(new BasketCounts("counts-async", "counts_async", pause))
            .Subscribe(witness);

    static async Task Follow(NpgsqlDataSource db, EventStore store)
    {
        using var daemon = new ProjectionDaemon(db, store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
        await daemon.StartAsync(default);
        Console.WriteLine("ready");
        await Task.Delay(Timeout.Infinite);
    }

    static async Task Rebuild(NpgsqlDataSource db, EventStore store)
    {
        using var daemon = new ProjectionDaemon(db, store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
        Console.WriteLine("ready");
        while (true)
            foreach (var name in store.ProjectionNames)
            {
                try
                {
                    await daemon.Rebuild(name);
                }
                catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
                {
                    Console.WriteLine(e.Message);
                } // the database went away
                await Task.Delay(200);
            }
    }

    static async Task FollowCarelessly(NpgsqlDataSource db, EventStore store, Witness witness)
    {
        await using var connection = await db.OpenConnectionAsync();
        var (reader, position) = (new LogReader(store, null, ignoreGaps: true), 0L);
        Console.WriteLine("ready");
        while (true)
        {
            (var page, position) = await reader.Read(connection, position, 1_000, default);
            if (page.Count > 0)
                await witness.Process(page, default);
            else
                await Task.Delay(1);
        }
    }
}

/// <summary>Records each event that it gets, with its process and the number of the page.</summary>
sealed class Witness(NpgsqlDataSource db, string table, int delay, int pause) : ISubscription
{
    public const string Columns = """
        (n bigint generated always as identity primary key, process int not null, page int not null,
         sequence bigint not null, stream_id uuid not null, version bigint not null)
        """;
    int pages;

    public string Name => "witness";

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        var number = ++pages;
        await Task.Delay(pause, ct);
        foreach (
            var part in delay == 0
                ?
                [
                    [.. page],
                ]
                : page.Select(e => new[] { e })
        )
        {
            await using var note = db.CreateCommand(
                $"""
                insert into {table} (process, page, sequence, stream_id, version)
                select $1, $2, sequence, stream_id, version
                from unnest($3::bigint[], $4::uuid[], $5::bigint[]) e(sequence, stream_id, version)
                """
            );
            foreach (
                var value in new object[]
                {
                    Environment.ProcessId,
                    number,
                    part.Select(e => e.Sequence).ToArray(),
                    part.Select(e => e.StreamId).ToArray(),
                    part.Select(e => e.Version).ToArray(),
                }
            )
                note.Parameters.Add(new() { Value = value });
            await note.ExecuteNonQueryAsync(ct);
            if (delay > 0)
                await Task.Delay(delay, ct);
        }
    }
}
