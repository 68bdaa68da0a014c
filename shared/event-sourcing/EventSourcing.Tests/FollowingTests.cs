using System.Diagnostics;

namespace CrmPlatform.EventSourcing.Tests;

public sealed class FollowingTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    static string Unique(string name) => name + Guid.CreateVersion7().ToString("N");

    [Fact]
    public async Task an_async_projection_and_a_subscription_see_every_event_once_and_in_order()
    {
        var (counts, recorder) = (new BasketCounts(Unique("c"), Unique("t")), new Recorder(Unique("r")));
        var store = fixture.Store(o => o.Async(counts).Subscribe(recorder));
        await using var daemon = await fixture.Run(store);
        var ids = Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToArray();
        await Task.WhenAll(
            ids.Select(async id =>
            {
                for (var i = 0; i < 5; i++)
                    await store.Write(Basket.Of(id), b => b.Add(2));
            })
        );
        await daemon.CatchUp();
        (await fixture.Scalar<long>($"select count(*) from {counts.Ddl.Split(' ')[5]} where items = 10 and events = 5")).ShouldBe(50);
        foreach (var id in ids)
            recorder.Seen.Where(e => e.StreamId == id).Select(e => e.Version).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task a_commit_in_another_process_wakes_a_follower_without_a_poll()
    {
        var recorder = new Recorder(Unique("r"));
        var listening = fixture.Store(o =>
        {
            o.Subscribe(recorder);
            o.PollInterval = TimeSpan.FromMinutes(5);
        });
        var writing = fixture.Store();
        await using var listener = await fixture.Run(listening);
        await using var writer = await fixture.Run(writing);
        await listener.CatchUp();
        await EachIsSeen(writing, recorder);
    }

    /// <summary>
    /// Writes a hundred events one by one and waits for each. Followers are also woken by status queries (so there are none here), by their
    /// own report every five seconds, and by the heartbeat every second: a hundred waits for these would take longer.
    /// </summary>
    static async Task EachIsSeen(EventStore writing, Recorder recorder)
    {
        var patience = Stopwatch.StartNew();
        for (var i = 0; i < 100; i++)
        {
            var id = Guid.CreateVersion7();
            await writing.Write(Basket.Of(id), b => b.Add());
            for (; recorder.Seen.All(e => e.StreamId != id); await Task.Delay(5))
                patience.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(45));
        }
    }

    [Fact]
    public async Task a_process_notifies_again_as_soon_as_another_process_appears()
    {
        var quiet = new StoreFixture();
        await quiet.InitializeAsync();
        var recorder = new Recorder();
        var writing = quiet.Store();
        await using (var writer = await quiet.Run(writing))
        {
            await Task.Delay(TimeSpan.FromSeconds(5));
            await writing.Write(Basket.Of(Guid.CreateVersion7()), b => b.Add());
            await using var listener = await quiet.Run(
                quiet.Store(o =>
                {
                    o.Subscribe(recorder);
                    o.PollInterval = TimeSpan.FromMinutes(5);
                })
            );
            await listener.CatchUp();
            await Task.Delay(TimeSpan.FromSeconds(1));
            await EachIsSeen(writing, recorder);
        }
        await quiet.DisposeAsync();
    }

    [Fact]
    public async Task a_stuck_follower_stops_alone_and_goes_on_when_the_cause_is_gone()
    {
        var (sick, well) = (new BasketCounts(Unique("c"), Unique("t")) { Poisonous = true }, new Recorder(Unique("r")));
        var store = fixture.Store(o => o.Async(sick).Subscribe(well));
        await using var daemon = await fixture.Run(store);
        var id = Guid.CreateVersion7();
        await store.Write(Basket.Of(id), b => b.Add(1));
        await store.Write(Basket.Of(id), b => b.Add(1, item: "poison"));
        await store.Write(Basket.Of(id), b => b.Add(1));

        var stuck = (await Should.ThrowAsync<InvalidOperationException>(daemon.CatchUp)).Message;
        stuck.ShouldContain(sick.Name);
        var status = (await daemon.Daemon.Status()).Single(f => f.Name == sick.Name);
        status.StuckAt.ShouldBe(
            await fixture.Scalar<long>("select seq_id from mt_events where stream_id = @id and version = 2", new { id })
        );
        status.Error.ShouldBe(nameof(InvalidOperationException));
        var table = sick.Ddl.Split(' ')[5];
        (await fixture.Scalar<int>($"select items from {table} where id = @id", new { id })).ShouldBe(
            1,
            "the event before the poison is projected"
        );

        sick.Poisonous = false;
        while ((await daemon.Daemon.Status()).Single(f => f.Name == sick.Name).StuckAt is not null)
            await Task.Delay(20);
        await daemon.CatchUp();
        (await fixture.Scalar<int>($"select items from {table} where id = @id", new { id })).ShouldBe(3);
        well.Seen.Count(e => e.StreamId == id).ShouldBe(3);
    }

    [Fact]
    public async Task the_work_of_a_dead_replica_is_taken_over()
    {
        var recorder = new Recorder(Unique("r"));
        var (first, second) = (fixture.Store(o => o.Subscribe(recorder)), fixture.Store(o => o.Subscribe(recorder)));
        var dying = await fixture.Run(first);
        await using var survivor = await fixture.Run(second);
        await first.Write(Basket.Of(Guid.CreateVersion7()), b => b.Add());
        await survivor.CatchUp();
        await dying.DisposeAsync();
        var id = Guid.CreateVersion7();
        await first.Write(Basket.Of(id), b => b.Add());
        await survivor.CatchUp();
        recorder.Seen.Count(e => e.StreamId == id).ShouldBe(1);
    }
}
