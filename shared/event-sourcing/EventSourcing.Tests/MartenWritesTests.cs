using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// Followers and reads see what sessions of Marten append to one of our logs once and in order, in each of Marten's append modes.
/// </summary>
public sealed class MartenWritesTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Theory, InlineData(EventAppendMode.Rich), InlineData(EventAppendMode.QuickWithServerTimestamps)]
    public async Task events_appended_by_marten_are_seen_once_and_in_order(EventAppendMode mode)
    {
        var recorder = new Recorder($"recorder-{mode}");
        var counts = new BasketCounts($"counts-{mode}", $"counts_{mode}");
        var store = fixture.Store(o => o.Subscribe(recorder).Async(counts));
        await using var daemon = await fixture.Run(store);
        await using var marten = ForeignMarten.Open(fixture.Database.App, mode);
        var start = await Head();
        var (theirs, ours, shared) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Write(Basket.Of(shared), b => b.Add());
        await using (var session = await marten.Appending())
        {
            (session.CorrelationId, session.CausationId) = ("corr", "cause");
            session.SetHeader("actor", "alice");
            session.Events.StartStream<Basket>(theirs, new ItemAdded("苹果 😀", 2), new PaymentTaken(9.99m));
            session.Events.Append(shared, new ItemAdded("pear", 3), new ItemAdded("fig", 1));
            await session.SaveChangesAsync();
        }
        await store.Write(Basket.Of(ours), b => b.Add());
        (await store.Write(Basket.Of(shared), b => b.Items == 5 ? b.Add(10) : [])).Version.ShouldBe(
            4,
            "the cached state is stale and must not be used"
        );
        await using (var session = await marten.Appending())
        {
            session.Events.Append(theirs, expectedVersion: 3, new ItemAdded("plum", 1));
            await session.Events.AppendOptimistic(shared, new ItemAdded("kiwi", 1));
            await session.SaveChangesAsync();
        }

        await daemon.CatchUp();
        var seen = recorder.Seen.Where(e => e.Sequence > start).ToList();
        seen.Select(e => e.Sequence).ShouldBe(await fixture.Sequences(start));
        seen.Count.ShouldBe(9);
        foreach (var stream in seen.GroupBy(e => e.StreamId))
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(v => (long)v));
        var fetched = await store.FetchStream(theirs);
        fetched.Select(e => e.Data).ShouldBe([new ItemAdded("苹果 😀", 2), new PaymentTaken(9.99m), new ItemAdded("plum", 1)]);
        fetched.ShouldBe(seen.Where(e => e.StreamId == theirs));
        fetched[0].Metadata.ShouldBe(new EventMetadata("corr", "cause", "alice"));
        (await store.Read(Basket.Of(theirs))).ShouldBe((new Basket(3, true), 3));
        (await store.Read(Basket.Of(shared))).ShouldBe((new Basket(16, false), 5));
        (await fixture.Scalar<long>($"select sum(items) from counts_{mode}")).ShouldBe(
            await fixture.Scalar<long>("select sum((data->>'quantity')::bigint) from mt_events where type = 'item_added'")
        );
    }

    [Fact]
    public async Task marten_in_quick_mode_can_start_streams_but_not_append_to_them()
    {
        var recorder = new Recorder("recorder-quick");
        var store = fixture.Store(o => o.Subscribe(recorder));
        await using var daemon = await fixture.Run(store);
        await using var marten = ForeignMarten.Open(fixture.Database.App, EventAppendMode.Quick);
        var (id, start) = (Guid.CreateVersion7(), await Head());
        await using (var session = await marten.Appending())
        {
            session.Events.StartStream<Basket>(id, new ItemAdded("plum", 1), new ItemAdded("fig", 1));
            await session.SaveChangesAsync();
        }
        await using (var session = await marten.Appending())
        {
            session.Events.Append(id, new ItemAdded("fig", 1));
            var refused = await Should.ThrowAsync<MartenCommandException>(() => session.SaveChangesAsync());
            refused.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.UndefinedFunction);
        }
        await store.Write(Basket.Of(id), b => b.Add());
        await daemon.CatchUp();
        recorder.Seen.Where(e => e.Sequence > start).Select(e => (e.StreamId, e.Version)).ShouldBe([(id, 1L), (id, 2L), (id, 3L)]);
    }

    [Fact]
    public async Task followers_pass_tombstones_and_nobody_counts_them()
    {
        var recorder = new Recorder("beside-tombstones");
        var store = fixture.Store(o => o.Subscribe(recorder));
        await using (var running = await fixture.Run(store))
            await running.CatchUp();
        using var idle = fixture.Daemon(store);
        await using var marten = ForeignMarten.Open(fixture.Database.App, EventAppendMode.Rich);
        var (id, start) = (Guid.CreateVersion7(), await Head());
        await using (var session = await marten.Appending())
        {
            session.Events.StartStream<Basket>(id, new ItemAdded("plum", 1));
            session.Insert(new Unwanted { Id = id }); // its table does not exist
            await Should.ThrowAsync<Exception>(() => session.SaveChangesAsync());
        }
        while (await fixture.Scalar<long>("select count(*) from mt_events where type = 'tombstone'") == 0)
            await Task.Delay(10);

        (await idle.Status())
            .Single(f => f.Name == recorder.Name)
            .LagSeconds.ShouldBe(0, "a tombstone has an ancient date, which must not count as lag");
        await using var daemon = await fixture.Run(store);
        await store.Write(Basket.Of(id), b => b.Add());
        await daemon.CatchUp();
        recorder.Seen.Where(e => e.Sequence > start).ShouldHaveSingleItem().StreamId.ShouldBe(id);
        (await store.FetchStream(id)).ShouldHaveSingleItem().Version.ShouldBe(1);
        (await daemon.Daemon.Status()).ShouldAllBe(f => f.StuckAt == null && f.LagEvents == 0);
    }

    public sealed class Unwanted
    {
        public Guid Id { get; set; }
    }

    [Fact]
    public async Task a_number_drawn_by_marten_before_its_insert_is_waited_for()
    {
        var (store, pause, start) = (fixture.Store(), new Pause(), await Head());
        await using var marten = ForeignMarten.Open(fixture.Database.App, EventAppendMode.Rich, o => o.Listeners.Add(pause));
        await using var reading = await fixture.Db.OpenConnectionAsync();
        await using var session = await marten.Appending();
        session.Events.StartStream<Basket>(Guid.CreateVersion7(), new ItemAdded("plum", 1));
        var saving = session.SaveChangesAsync();
        await pause.Reached;
        await store.Write(Basket.Of(Guid.CreateVersion7()), b => b.Add());

        var (careful, careless) = (new LogReader(store, null), new LogReader(store, null, ignoreGaps: true));
        var (early, position) = await careless.Read(reading, start, 100, default);
        early.Count.ShouldBe(1);
        for (var poll = 0; poll < 5; poll++)
            (await careful.Read(reading, start, 100, default)).Position.ShouldBe(
                start,
                "the number before it is drawn and its event may still commit"
            );
        pause.GoOn();
        await saving;
        (await careless.Read(reading, position, 100, default)).Events.ShouldBeEmpty("a reader that does not wait loses Marten's event");
        (await careful.Read(reading, start, 100, default)).Events.Count.ShouldBe(2);
    }

    [Fact]
    public async Task followers_lose_nothing_when_marten_writes_too()
    {
        var recorder = new Recorder("under-fire");
        var store = fixture.Store(o => o.Subscribe(recorder));
        await using var daemon = await fixture.Run(store);
        var stores = new[] { EventAppendMode.Rich, EventAppendMode.QuickWithServerTimestamps, EventAppendMode.Rich }
            .Select(mode => ForeignMarten.Open(fixture.Database.App, mode))
            .ToList();
        var (start, ids) = (await Head(), Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7()).ToArray());
        var failed = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        for (var i = 0; i < 40; i++)
                            if (writer % 2 == 0)
                                await store.Write(Basket.Of(ids[i % 4]), b => b.Add());
                            else
                                try
                                {
                                    await using var session = await stores[writer / 2].Appending();
                                    session.Events.Append(
                                        i % 3 == 0 ? Guid.CreateVersion7() : ids[i % 4],
                                        new ItemAdded("plum", 1),
                                        new ItemAdded("fig", 1)
                                    );
                                    await session.SaveChangesAsync();
                                }
                                catch (Exception e) when (e is ConcurrencyException or MartenException)
                                {
                                    Interlocked.Increment(ref failed);
                                }
                    })
                )
        );
        foreach (var marten in stores)
            await marten.DisposeAsync();
        await store.Write(Basket.Of(ids[0]), b => b.Add());
        await daemon.CatchUp();
        recorder.Seen.Where(e => e.Sequence > start).Select(e => e.Sequence).ShouldBe(await fixture.Sequences(start));
        failed.ShouldBeLessThan(120);
    }

    Task<long> Head() => fixture.Scalar<long>("select coalesce(max(seq_id), 0) from mt_events");
}
