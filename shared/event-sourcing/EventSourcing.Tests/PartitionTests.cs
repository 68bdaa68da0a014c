using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>Partitions a log as docs/event-log.md describes, with the script that operators run.</summary>
public sealed class PartitionTests : IAsyncLifetime
{
    const int First = 200;

    readonly StoreFixture fixture = new();
    readonly Guid[] baskets = [.. Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7())];
    readonly Guid journal = Guid.CreateVersion7();

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task a_log_can_be_partitioned_while_commands_write()
    {
        var recorder = new Recorder();
        EventStore Process() => fixture.Store(o => o.Subscribe(recorder).Inline(new BasketCounts("inline", "counts")));
        EventStore one = Process(),
            two = Process();
        await using var daemon = await fixture.Run(one);

        var partitioned = new TaskCompletionSource();
        var writing = Write(one, two, until: partitioned.Task, atMost: First / 4);
        await Partition();
        partitioned.SetResult();
        await writing;
        // Writes across the border of the partitions: two processes with stale caches, and rolled-back transactions.
        while (await fixture.Scalar<long>("select last_value from mt_events_sequence") < 2 * First)
            await Write(one, two, until: Task.Delay(Timeout.Infinite), atMost: 40);

        var message = Guid.CreateVersion7();
        (await one.Write(Basket.Of(baskets[0]), b => b.Add(), once: message)).Duplicate.ShouldBeFalse();
        (await two.Write(Basket.Of(baskets[0]), b => b.Add(), once: message)).Duplicate.ShouldBeTrue();
        await Should.ThrowAsync<StaleVersionException>(() => two.Write(Basket.Of(baskets[0]), b => b.Add(), ifMatch: 1));

        (await fixture.Scalar<long>("select count(distinct tableoid) from mt_events")).ShouldBe(2, "both partitions are in use");
        (
            await fixture.Scalar<long>(
                """
                select count(*) from (
                    select 1 from mt_events group by stream_id
                    having count(*) <> max(version) or count(distinct version) <> count(*)) s
                """
            )
        ).ShouldBe(0);
        await daemon.CatchUp();
        await using var connection = await fixture.Db.OpenConnectionAsync();
        recorder.Seen.Select(e => e.Sequence).ShouldBe(await connection.QueryAsync<long>("select seq_id from mt_events order by 1"));
        const string Items = "select sum(events)::bigint from counts";
        var items = await fixture.Scalar<long>("select count(*) from mt_events where type = 'item_added'");
        (await fixture.Scalar<long>(Items)).ShouldBe(items);
        await daemon.Daemon.Rebuild("inline");
        (await fixture.Scalar<long>(Items)).ShouldBe(items);

        await using var owner = new NpgsqlConnection(fixture.Database.Owner);
        await owner.OpenAsync();
        await EventStore.Install(owner, App); // as at the next start of the service: nothing is left to migrate
        (await one.Write(Basket.Of(baskets[0]), b => b.Add())).Events.Count.ShouldBe(1);
    }

    string App => new NpgsqlConnectionStringBuilder(fixture.Database.App).Username!;

    /// <summary>Eight writers, half of them in the other process; one command in five is rolled back.</summary>
    Task Write(EventStore one, EventStore two, Task until, int atMost)
    {
        var left = atMost;
        return Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        while (!until.IsCompleted && Interlocked.Decrement(ref left) is >= 0 and var i)
                            if (i % 5 == 0)
                                await Burn();
                            else
                                await (writer % 2 == 0 ? one : two).Execute([
                                    EventSourcing.Write.To(Basket.Of(baskets[i % 4]), b => b.Add()),
                                    EventSourcing.Write.Append(Journal.Of(journal), new Noted(i)),
                                ]);
                    })
                )
        );
    }

    async Task Burn()
    {
        await using var connection = await fixture.Db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            """
            with s as (insert into mt_streams (id, type, version) values (gen_random_uuid(), 'journal', 1) returning id)
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            select nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '{}', 'noted', now() from s
            """
        );
        await transaction.RollbackAsync();
    }

    /// <summary>Runs the script as psql does: replaces its variables and executes one statement after the other.</summary>
    async Task Partition([CallerFilePath] string here = "")
    {
        var script = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/partition-events.sql"));
        script = script
            .Replace(":first", $"{First}", StringComparison.Ordinal)
            .Replace(":step", "1000000", StringComparison.Ordinal)
            .Replace(":app", App, StringComparison.Ordinal);
        var statements = string.Join('\n', script.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)))
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        await using var owner = new NpgsqlConnection(fixture.Database.Owner);
        await owner.OpenAsync(); // one session, since the script opens a transaction
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, owner);
            await command.ExecuteNonQueryAsync();
        }
    }
}
