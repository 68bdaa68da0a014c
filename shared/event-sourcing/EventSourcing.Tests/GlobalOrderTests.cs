using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// The rule of the global order, case by case and under fire. Each deterministic case is also read by a reader that passes holes at once
/// (the mutation), which must lose the event: that proves that the case can fail.
/// </summary>
public sealed class GlobalOrderTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    /// <summary>
    /// An insert as the store does it: the number is drawn inside of the statement. Its stream is there already, so nothing is written
    /// before.
    /// </summary>
    async Task<string> Insert()
    {
        var id = Guid.CreateVersion7();
        await fixture.Scalar<int>("insert into mt_streams (id, type, version) values (@id, 'journal', 1) returning 1", new { id });
        return $"insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (nextval('mt_events_sequence'), gen_random_uuid(), '{id}', 1, '{{\"number\": 1}}', 'noted', now())";
    }

    [Fact]
    public async Task a_lower_transaction_id_that_draws_the_later_number_hides_nothing() =>
        await NothingIsLost(
            async (slow, quick) =>
            {
                // Both have a transaction id from an earlier write; the higher id draws first and commits last.
                await Execute(quick, "begin; insert into inbox values (gen_random_uuid())");
                await Execute(slow, "begin; insert into inbox values (gen_random_uuid())");
                await Execute(slow, await Insert());
                await Execute(quick, await Insert());
                await Execute(quick, "commit");
            }
        );

    [Fact]
    public async Task a_higher_transaction_id_that_commits_first_hides_nothing() =>
        await NothingIsLost(
            async (slow, quick) =>
            {
                await Execute(slow, "begin; insert into inbox values (gen_random_uuid())");
                await Execute(slow, await Insert());
                await Execute(quick, "begin; insert into inbox values (gen_random_uuid())");
                await Execute(quick, await Insert());
                await Execute(quick, "commit");
            }
        );

    [Fact]
    public async Task a_number_drawn_before_the_first_write_of_a_transaction_is_waited_for() =>
        await NothingIsLost(
            async (slow, quick) =>
            {
                await Execute(slow, "begin");
                await Execute(slow, await Insert());
                await Execute(quick, await Insert());
            }
        );

    [Fact]
    public async Task a_burned_number_is_passed_once_its_transaction_has_ended()
    {
        var (store, start) = (fixture.Store(), await Head());
        await using var slow = await fixture.Db.OpenConnectionAsync();
        await using var reading = await fixture.Db.OpenConnectionAsync();
        await Execute(slow, "begin; " + await Insert());
        await store.Execute([Write.Append(Journal.Of(Guid.CreateVersion7()), new Noted(7))]);
        var reader = new LogReader(store, null);
        (await reader.Read(reading, start, 100, default)).Position.ShouldBe(start);
        reader.Blocked.ShouldBeTrue();
        await Execute(slow, "rollback");
        (await reader.Read(reading, start, 100, default)).Events.ShouldHaveSingleItem().Data.ShouldBe(new Noted(7));
        reader.Blocked.ShouldBeFalse();
    }

    [Fact]
    public async Task a_long_transaction_that_never_writes_events_delays_nobody()
    {
        var (store, start) = (fixture.Store(), await Head());
        await using var idle = await fixture.Db.OpenConnectionAsync();
        await using var reading = await fixture.Db.OpenConnectionAsync();
        await Execute(idle, "begin; insert into inbox values (gen_random_uuid())");
        await using (var burned = await fixture.Db.OpenConnectionAsync())
            await Execute(burned, $"begin; {await Insert()}; rollback");
        await store.Execute([Write.Append(Journal.Of(Guid.CreateVersion7()), new Noted(8))]);
        var reader = new LogReader(store, null);
        await reader.Read(reading, start, 100, default);
        (await reader.Read(reading, start, 100, default)).Events.Count.ShouldBe(1);
        await Execute(idle, "rollback");
    }

    [Fact]
    public async Task many_writers_rollbacks_and_slow_commits_lose_double_and_reorder_nothing_for_one_and_three_daemons()
    {
        var rounds = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 10 : 1;
        // Another database of the server, and another table of this one: their transactions are open all the time, and nobody waits for
        // them.
        await using var neighbour = await Testing.TestDatabase.Create();
        await using var theirs = neighbour.Open();
        await using var elsewhere = await theirs.OpenConnectionAsync();
        await using var beside = await fixture.Db.OpenConnectionAsync();
        foreach (var connection in new[] { elsewhere, beside })
            await Execute(connection, "begin; insert into inbox values (gen_random_uuid())");
        await Execute(
            elsewhere,
            """
            with s as (insert into mt_streams (id, type, version) values (gen_random_uuid(), 'journal', 1) returning id)
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            select nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '{}', 'noted', now() from s
            """
        );
        for (var round = 0; round < rounds; round++)
        {
            var (alone, shared) = (
                new Recorder("alone-" + Guid.CreateVersion7().ToString("N")),
                new Recorder("shared-" + Guid.CreateVersion7().ToString("N"))
            );
            EventStore Process(params ISubscription[] subscriptions) =>
                fixture.Store(o =>
                {
                    foreach (var s in subscriptions)
                        o.Subscribe(s);
                });
            await using var one = await fixture.Run(Process(alone, shared));
            await using var two = await fixture.Run(Process(shared));
            await using var three = await fixture.Run(Process(shared));
            var streams = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToArray();
            var writing = fixture.Store();
            await Task.WhenAll(
                Enumerable
                    .Range(0, 16)
                    .Select(w =>
                        Task.Run(async () =>
                        {
                            var random = new Random(w + 1000 * round);
                            for (var i = 0; i < 40; i++)
                            {
                                if (random.Next(12) == 0)
                                    await Rolled(random.Next(30));
                                else if (random.Next(12) == 0)
                                    await Dawdled(random.Next(30));
                                else
                                    await writing.Execute([
                                        .. streams.Where(_ => random.Next(3) == 0).Select(s => Write.Append(Journal.Of(s), new Noted(i))),
                                    ]);
                            }
                        })
                    )
            );
            await one.CatchUp();
            var all = await fixture.Scalar<long>("select count(*) from mt_events");
            foreach (var seen in new[] { alone.Seen, shared.Seen })
            {
                seen.Select(e => e.Id).Distinct().Count().ShouldBe((int)all);
                seen.Count.ShouldBe((int)all);
                seen.Select(e => e.Sequence).ShouldBe(seen.Select(e => e.Sequence).Order());
                foreach (var stream in seen.GroupBy(e => e.StreamId))
                    stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(v => (long)v));
            }
        }

        async Task Rolled(int milliseconds)
        {
            await using var connection = await fixture.Db.OpenConnectionAsync();
            await Execute(connection, "begin; " + await Insert());
            await Task.Delay(milliseconds);
            await Execute(connection, "rollback");
        }

        async Task Dawdled(int milliseconds)
        {
            await using var connection = await fixture.Db.OpenConnectionAsync();
            await Execute(connection, "begin; " + await Insert());
            await Task.Delay(milliseconds);
            await Execute(connection, "commit");
        }
    }

    async Task NothingIsLost(Func<NpgsqlConnection, NpgsqlConnection, Task> race)
    {
        var (store, start) = (fixture.Store(), await Head());
        await using var slow = await fixture.Db.OpenConnectionAsync();
        await using var quick = await fixture.Db.OpenConnectionAsync();
        await using var reading = await fixture.Db.OpenConnectionAsync();
        await race(slow, quick);
        var (careful, careless) = (new LogReader(store, null), new LogReader(store, null, ignoreHoles: true));

        var (early, position) = await careless.Read(reading, start, 100, default);
        early.Count.ShouldBe(1);
        for (var poll = 0; poll < 5; poll++)
            (await careful.Read(reading, start, 100, default)).Position.ShouldBe(start);
        careful.Blocked.ShouldBeTrue();
        await Execute(slow, "commit");

        (await careless.Read(reading, position, 100, default)).Events.ShouldBeEmpty("the mutation loses the slow writer's event");
        (await careful.Read(reading, start, 100, default)).Events.Count.ShouldBe(2);
    }

    Task<long> Head() => fixture.Scalar<long>("select coalesce(max(seq_id), 0) from mt_events");

    static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
