using System.Diagnostics;
using Npgsql;

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
    /// Nobody asks the listener how far it is: that would wake it too, as its own report every five seconds does, and the writer's hello
    /// every second. A hundred waits for these would take longer.
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
    public async Task a_process_that_was_alone_tells_of_its_commits_as_soon_as_another_is_there()
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
    public async Task a_stuck_follower_stops_alone_names_its_event_and_goes_on_when_the_cause_is_gone()
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
            "what came before the poison is projected"
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_rebuild_beside_live_traffic_never_shows_a_half_built_view_and_loses_nothing(bool inline)
    {
        var counts = new BasketCounts(Unique("c"), Unique("t"));
        var table = counts.Ddl.Split(' ')[5];
        var store = fixture.Store(o => _ = inline ? o.Inline(counts) : o.Async(counts));
        await using var daemon = await fixture.Run(store);
        var ids = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids)
            await store.Write(Basket.Of(id), b => b.Add());
        await daemon.CatchUp();

        using var stop = new CancellationTokenSource();
        var writing = Enumerable
            .Range(0, 4)
            .Select(w =>
                Task.Run(async () =>
                {
                    for (var i = w; !stop.IsCancellationRequested; i++)
                        await store.Write(Basket.Of(ids[i % ids.Length]), b => b.Add());
                })
            )
            .ToArray();
        var reading = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                (await fixture.Scalar<long>($"select count(*) from {table} where id = any(@ids)", new { ids })).ShouldBe(20);
        });
        for (var i = 0; i < 3; i++)
            await daemon.Daemon.Rebuild(counts.Name);
        await stop.CancelAsync();
        await Task.WhenAll(writing);
        await reading;
        await daemon.CatchUp();
        (
            await fixture.Scalar<long>(
                $"""
                select count(*) from {table} t join (select stream_id, count(*) as n from mt_events where type = 'item_added' group by 1) e on e.stream_id = t.id
                where t.id = any(@ids) and t.events = e.n and t.items = e.n
                """,
                new { ids }
            )
        ).ShouldBe(20);
    }

    [Fact]
    public async Task a_write_that_is_under_way_when_the_tables_are_swapped_is_in_the_new_ones()
    {
        var counts = new BasketCounts(Unique("c"), Unique("t"));
        var store = fixture.Store(o => o.Inline(counts));
        await using var daemon = await fixture.Run(store);
        var id = Guid.CreateVersion7();
        await store.Write(Basket.Of(id), b => b.Add());
        var writing = store.Write(Basket.Of(id), b => b.Add(), alongside: sql => sql.Add("select pg_sleep(2)"));
        while (
            await fixture.Scalar<long>(
                "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"
            ) == 0
        )
            await Task.Delay(10);
        await daemon.Daemon.Rebuild(counts.Name);
        await writing;
        (await fixture.Scalar<int>($"select items from {counts.Ddl.Split(' ')[5]} where id = @id", new { id })).ShouldBe(2);
    }

    [Fact]
    public async Task a_projection_that_is_new_to_a_log_with_history_is_built_before_anybody_reads_it()
    {
        var old = fixture.Store();
        var id = Guid.CreateVersion7();
        await old.Write(Basket.Of(id), b => b.Add(4));
        var counts = new BasketCounts(Unique("c"), Unique("t"));
        await using var daemon = await fixture.Run(fixture.Store(o => o.Inline(counts)));
        (await fixture.Scalar<int>($"select items from {counts.Ddl.Split(' ')[5]} where id = @id", new { id })).ShouldBe(4);
    }

    [Fact]
    public async Task facts_stored_in_an_old_shape_are_read_in_the_new_one()
    {
        var id = Guid.CreateVersion7();
        await fixture.Scalar<int>("insert into mt_streams (id, type, version) values (@id, 'basket', 1) returning 1", new { id });
        await fixture.Scalar<int>(
            "insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (nextval('mt_events_sequence'), gen_random_uuid(), @id, 1, '{\"sku\": \"pear\"}', 'item_put', now()) returning 1",
            new { id }
        );
        var store = fixture.Store(o => o.Upcast<ItemPut, ItemAdded>("item_put", e => new(e.Sku, 1)));
        (await store.FetchStream(id)).ShouldHaveSingleItem().Data.ShouldBe(new ItemAdded("pear", 1));
        (await store.Read(Basket.Of(id))).ShouldBe((new Basket(1, false), 1));
    }

    sealed record ItemPut(string Sku);

    [Fact]
    public async Task retired_events_stay_readable_and_are_handled_by_nobody()
    {
        var id = Guid.CreateVersion7();
        await fixture.Scalar<int>("insert into mt_streams (id, type, version) values (@id, 'basket', 1) returning 1", new { id });
        await fixture.Scalar<int>(
            """
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values (nextval('mt_events_sequence'), gen_random_uuid(), @id, 1, '{"sku": "plum"}', 'item_weighed', now()) returning 1
            """,
            new { id }
        );
        var store = fixture.Store(o => o.Retired<ItemWeighed>());
        (await store.FetchStream(id)).ShouldHaveSingleItem().Data.ShouldBe(new ItemWeighed("plum"));
        store.Options.RegisteredEvents.ShouldNotContain(typeof(ItemWeighed));
        (await store.ReadLog(0, 10_000, store.Options.RegisteredEvents.ToHashSet(), default)).Events.ShouldNotContain(e =>
            e.StreamId == id
        );
    }

    sealed record ItemWeighed(string Sku);

    [Fact]
    public async Task the_services_role_can_neither_change_nor_delete_events()
    {
        var store = fixture.Store();
        await store.Write(Basket.Of(Guid.CreateVersion7()), b => b.Add());
        foreach (
            var forbidden in new[]
            {
                "update mt_events set data = '{}'",
                "delete from mt_events",
                "truncate mt_events",
                "delete from mt_streams",
                "drop table mt_events",
                "alter table mt_events disable trigger all",
            }
        )
            (await Should.ThrowAsync<PostgresException>(() => fixture.Scalar<int>(forbidden + " "))).SqlState.ShouldBe(
                PostgresErrorCodes.InsufficientPrivilege,
                forbidden
            );
    }

    [Fact]
    public async Task the_tables_are_those_that_a_marten_document_store_expects()
    {
        await fixture.Store().Marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await fixture.Scalar<string>("select indexdef from pg_indexes where indexname = 'pk_mt_events_stream_and_version'")).ShouldBe(
            "CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (stream_id, version)"
        );
    }
}
