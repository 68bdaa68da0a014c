using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>An event that a projection cannot process, on two replicas, and how an operator skips it.</summary>
public sealed class SkippingTests : IAsyncLifetime
{
    readonly StoreFixture fixture = new();
    readonly BasketCounts sick = new() { Poisonous = true };
    readonly Recorder well = new();
    readonly Guid basket = Guid.CreateVersion7();
    RunningDaemon one = null!,
        two = null!;
    EventStore store = null!;

    public async Task InitializeAsync()
    {
        await fixture.InitializeAsync();
        store = Replica();
        (one, two) = (await fixture.Run(store), await fixture.Run(Replica()));

        EventStore Replica() => fixture.Store(o => o.Async(sick).Subscribe(well));
    }

    public async Task DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task a_stuck_follower_is_reported_by_every_replica_and_the_metrics()
    {
        await Add("pear", "poison", "plum");
        await Stuck(at: 2);
        foreach (var replica in new[] { one, two })
        {
            var status = (await replica.Daemon.Status()).Single(f => f.Name == sick.Name);
            (status.State, status.StuckAt, status.Error, status.LagEvents).ShouldBe(("stuck", 2, nameof(InvalidOperationException), 2));
            status.Holder.ShouldNotBeNull();
            status.LagSeconds.ShouldBeGreaterThan(0);
        }
        Gauge("crm.follower.stuck").ShouldBe(1);
        (await one.Daemon.Status()).Single(f => f.Name == well.Name).State.ShouldBe("running");

        sick.Poisonous = false;
        await GoesOn();
        Gauge("crm.follower.stuck").ShouldBe(0);
        (await two.Daemon.Status()).ShouldAllBe(f => f.State == "running" && f.LagSeconds == 0);
    }

    [Fact]
    public async Task a_skipped_event_is_passed_within_a_second_and_all_others_are_processed_once()
    {
        await Add("pear", "poison", "plum", "poison", "fig");
        await Stuck(at: 2);
        await Task.Delay(TimeSpan.FromSeconds(4)); // now the pauses between retries are longer than a second
        var olga = new Request(TimeProvider.System) { Metadata = new(Actor: "olga") };
        await two.Daemon.Skip(olga, sick.Name, 2, "a test of the shop");
        var said = Stopwatch.StartNew();
        await Stuck(at: 4);
        said.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (await Counted()).ShouldBe(2, "pear and plum");

        await one.Daemon.Skip(olga, sick.Name, 2, "said again");
        await one.Daemon.Skip(olga, sick.Name, 4, "the same again");
        await GoesOn();
        (await Counted()).ShouldBe(3);
        well.Seen.Count(e => e.StreamId == basket).ShouldBe(5, "other followers do not skip it");

        var decided = await store.FetchStream(Skips.Of.Id);
        decided
            .Select(e => e.Data)
            .ShouldBe([
                new FollowerSkipped(sick.Name, 2, "item_added", "a test of the shop"),
                new FollowerSkipped(sick.Name, 4, "item_added", "the same again"),
            ]);
        decided.ShouldAllBe(e => e.Metadata.Actor == "olga");
        store.StoredShapes.ShouldContain(f => f.Value == typeof(FollowerSkipped), "so that the shape of the stored event is frozen");

        await one.Daemon.Rebuild(sick.Name);
        (await Counted()).ShouldBe(3, "a rebuild skips it too");
        sick.Poisonous = false;
        await one.Daemon.Rebuild(sick.Name);
        (await Counted()).ShouldBe(5, "a rebuild processes it once that is possible");
    }

    [Fact]
    public async Task an_unreadable_event_can_be_skipped()
    {
        await Add("pear");
        await fixture.Scalar<int>(
            """
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values (nextval('mt_events_sequence'), gen_random_uuid(), @basket, 2, '7', 'item_added', now()) returning 1
            """,
            new { basket }
        );
        await Stuck(at: 2);
        while ((await two.Daemon.Status()).Any(f => f.StuckAt is null))
            await Task.Delay(20);
        await one.Daemon.Skip(new(TimeProvider.System), sick.Name, 2, "not written by us");
        while ((await two.Daemon.Status()).Single(f => f.Name == sick.Name).StuckAt is not null)
            await Task.Delay(20);
        await Task.Delay(TimeSpan.FromSeconds(1));
        (await two.Daemon.Status()).Single(f => f.Name == well.Name).StuckAt.ShouldBe(2, "each follower is skipped separately");
        await one.Daemon.Skip(new(TimeProvider.System), well.Name, 2, "not written by us");
        await GoesOn();
        (await Counted()).ShouldBe(1);
        await one.Daemon.Rebuild(sick.Name);
        (await Counted()).ShouldBe(1);
    }

    [Fact]
    public async Task only_the_event_that_a_follower_is_stuck_at_can_be_skipped()
    {
        await Add("pear", "poison", "plum");
        await Stuck(at: 2);
        (await Refused(sick.Name, 1)).ShouldBe("follower-not-stuck");
        (await Refused(sick.Name, 3)).ShouldBe("follower-not-stuck");
        (await Refused(well.Name, 2)).ShouldBe("follower-not-stuck");
        (await Refused(sick.Name, 99)).ShouldBe("no-such-event");
        (await fixture.Scalar<long>("select count(*) from mt_events where type = 'follower_skipped'")).ShouldBe(0);
        (await two.Daemon.Status()).Single(f => f.Name == sick.Name).StuckAt.ShouldBe(2);

        async Task<string> Refused(string follower, long sequence) =>
            (
                await Should.ThrowAsync<RuleViolationException>(() =>
                    two.Daemon.Skip(new(TimeProvider.System), follower, sequence, "why not")
                )
            ).Code;
    }

    async Task Add(params string[] items)
    {
        foreach (var item in items)
            await store.Write(Basket.Of(basket), b => b.Add(item: item));
    }

    async Task Stuck(long at)
    {
        for (
            var patience = Stopwatch.StartNew();
            (await two.Daemon.Status()).Single(f => f.Name == sick.Name).StuckAt != at;
            await Task.Delay(10)
        )
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    async Task GoesOn()
    {
        for (var patience = Stopwatch.StartNew(); (await two.Daemon.Status()).Any(f => f.StuckAt is not null); await Task.Delay(10))
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        await one.CatchUp();
    }

    Task<int> Counted() => fixture.Scalar<int>("select events from basket_counts where id = @basket", new { basket });

    long Gauge(string name)
    {
        var value = -1L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == name)
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, measured, tags, _) =>
            {
                if (tags[0].Value as string == sick.Name)
                    value = measured;
            }
        );
        listener.Start();
        listener.RecordObservableInstruments();
        return value;
    }
}
