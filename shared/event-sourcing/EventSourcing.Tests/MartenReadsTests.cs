using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>Marten reads what this library writes: by sessions, LINQ, live aggregates, its daemon and a rebuild.</summary>
public sealed class MartenReadsTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    /// <summary>A document that Marten projects.</summary>
    public sealed class Cart
    {
        public Guid Id { get; set; }
        public int Items { get; set; }
        public bool Paid { get; set; }
    }

    public sealed class Carts : SingleStreamProjection<Cart, Guid>
    {
        public override Cart Evolve(Cart? snapshot, Guid id, IEvent e)
        {
            var cart = snapshot ?? new Cart { Id = id };
            if (e.Data is ItemAdded added)
                cart.Items += added.Quantity;
            cart.Paid |= e.Data is PaymentTaken;
            return cart;
        }
    }

    [Fact]
    public async Task sessions_of_marten_read_our_events()
    {
        var (store, id) = (fixture.Store(), Guid.CreateVersion7());
        var request = new Request(TimeProvider.System) { Metadata = new("corr", "cause", "alice", "00-trace") };
        await store.Write(request, Basket.Of(id), b => b.Add(2, item: "苹果 😀"));
        await store.Write(request, Basket.Of(id), _ => [new PaymentTaken(9.99m), new ItemAdded("pear", 1)]);
        await using var marten = ForeignMarten.Open(fixture.Database.App, more: o => o.Projections.Add<Carts>(ProjectionLifecycle.Live));
        await using var session = marten.QuerySession();

        var events = await session.Events.FetchStreamAsync(id);
        events.Select(e => e.Data).ShouldBe([new ItemAdded("苹果 😀", 2), new PaymentTaken(9.99m), new ItemAdded("pear", 1)]);
        events.Select(e => (e.Version, e.EventTypeName)).ShouldBe([(1L, "item_added"), (2L, "basket_paid"), (3L, "item_added")]);
        events.ShouldAllBe(e =>
            e.CorrelationId == "corr"
            && e.CausationId == "cause"
            && (string)e.GetHeader("actor")! == "alice"
            && (string)e.GetHeader("traceParent")! == "00-trace"
        );
        (await session.Events.FetchStreamStateAsync(id))!.Version.ShouldBe(3);
        var cart = await session.Events.AggregateStreamAsync<Cart>(id);
        (cart!.Items, cart.Paid).ShouldBe((3, true));
        (await session.Events.AggregateStreamAsync<Cart>(id, version: 1))!.Items.ShouldBe(2);
        (await session.Events.QueryRawEventDataOnly<ItemAdded>().Where(e => e.Item == "苹果 😀").ToListAsync())
            .ShouldHaveSingleItem()
            .Quantity.ShouldBe(2);
        (await session.Events.QueryAllRawEvents().Where(e => e.StreamId == id && e.Version > 1).OrderBy(e => e.Sequence).ToListAsync())
            .Select(e => e.Version)
            .ShouldBe([2, 3]);
        (await store.Marten.QuerySession().Events.QueryAllRawEvents().CountAsync(e => e.StreamId == id)).ShouldBe(
            3,
            "also by a session of our own store"
        );
    }

    [Fact]
    public async Task events_read_by_a_session_equal_those_read_by_followers()
    {
        var (store, id) = (fixture.Store(), Guid.CreateVersion7());
        var recorder = new Recorder("equal");
        await using var daemon = await fixture.Run(fixture.Store(o => o.Subscribe(recorder)));
        var metadata = new EventMetadata("corr", null, "2026-11-28", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        await store.Write(new(TimeProvider.System) { Metadata = metadata }, Basket.Of(id), b => b.Add(2));
        await store.Write(Basket.Of(id), b => b.Add(1, item: "\"quoted\" \\ <é>"));
        await daemon.CatchUp();
        (await store.FetchStream(id)).ShouldBe(recorder.Seen.Where(e => e.StreamId == id));
        (await store.FetchStream(id, afterVersion: 1)).ShouldHaveSingleItem().Version.ShouldBe(2);
        (await store.FetchStream(Guid.CreateVersion7())).ShouldBeEmpty();
    }

    [Fact]
    public void marten_writes_the_same_json_byte_for_byte()
    {
        var json = fixture.Store().Marten.Options.Serializer();
        foreach (
            var fact in new object[]
            {
                new ItemAdded("苹果 😀 <é> \"\\", 2),
                new ItemAdded("pear", 1, "note"),
                new PaymentTaken(9.90m),
                new Noted(7),
                new FollowerSkipped("f", 1, "t", "w"),
                new Moment(DayOfWeek.Friday, DateTimeOffset.UnixEpoch, null),
            }
        )
            json.ToJson(fact).ShouldBe(System.Text.Encoding.UTF8.GetString(EventTypes.Write(fact)));
    }

    public sealed record Moment(DayOfWeek Day, DateTimeOffset At, string? Nothing);

    [Fact]
    public async Task martens_daemon_projects_and_rebuilds_our_events()
    {
        var (store, ids) = (fixture.Store(), Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToArray());
        foreach (var id in ids)
            await store.Write(Basket.Of(id), b => b.Add(2));
        // An application with its own documents in its own schema, which it may create.
        await using var marten = ForeignMarten.Open(
            fixture.Database.Owner,
            more: o =>
            {
                o.DatabaseSchemaName = "reports";
                o.Events.DatabaseSchemaName = "public";
                o.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
                o.Projections.Add<Carts>(ProjectionLifecycle.Async);
            }
        );
        using var daemon = await marten.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        foreach (var id in ids)
            await store.Write(Basket.Of(id), b => b.Add(1));
        await daemon.WaitForNonStaleData(TimeSpan.FromSeconds(60));
        await Equal();
        await daemon.RebuildProjectionAsync<Carts>(CancellationToken.None);
        await Equal();
        await daemon.StopAllAsync();
        await fixture.Store().Marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();

        async Task Equal()
        {
            await using var session = marten.QuerySession();
            (await session.LoadManyAsync<Cart>(ids)).Select(c => c.Items).ShouldBe([3, 3, 3, 3, 3]);
        }
    }
}
