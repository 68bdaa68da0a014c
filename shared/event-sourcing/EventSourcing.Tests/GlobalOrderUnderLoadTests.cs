namespace CrmPlatform.EventSourcing.Tests;

/// <summary>The rule of the global order under load, with rollbacks and slow commits.</summary>
public sealed class GlobalOrderUnderLoadTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task under_load_one_and_three_daemons_see_every_event_once_and_in_order()
    {
        var rounds = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 10 : 1;
        // Transactions in another database and on another table stay open all the time; followers must not wait for them.
        await using var neighbour = await Testing.TestDatabase.Create();
        await using var theirs = neighbour.Open();
        await using var elsewhere = await theirs.OpenConnectionAsync();
        await using var beside = await fixture.Db.OpenConnectionAsync();
        foreach (var connection in new[] { elsewhere, beside })
            await connection.Run("begin; insert into inbox values (gen_random_uuid())");
        await elsewhere.Run(
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
            await connection.Run("begin; " + await fixture.Insert());
            await Task.Delay(milliseconds);
            await connection.Run("rollback");
        }

        async Task Dawdled(int milliseconds)
        {
            await using var connection = await fixture.Db.OpenConnectionAsync();
            await connection.Run("begin; " + await fixture.Insert());
            await Task.Delay(milliseconds);
            await connection.Run("commit");
        }
    }
}
