using Dapper;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>Streams that grow for years.</summary>
public sealed class LongStreamTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task a_long_stream_is_loaded_from_its_last_snapshot()
    {
        var id = await Grown(100_000);
        var writing = Store(snapshots: 1);
        (await writing.Write(Basket.Of(id), b => b.Add())).Version.ShouldBe(100_001, "this load read all events, so it wrote a snapshot");
        await Unreadable(id, upTo: 100_000);

        var fresh = Store(snapshots: 1);
        (await fresh.Read(Basket.Of(id))).ShouldBe((new Basket(100_001, false), 100_001));
        (await fresh.Write(Basket.Of(id), b => b.Add(b.Items))).Version.ShouldBe(100_002);
        (await fresh.Execute([Write.To(Basket.Of(id), b => b.Add()), Write.To(Basket.Of(Guid.CreateVersion7()), b => b.Add(7))]))[0]
            .Version.ShouldBe(100_003);
        (await fresh.Read(Basket.Of(id))).State.ShouldBe(new Basket(200_003, false));
        // A read of a past version needs the events themselves.
        await Should.ThrowAsync<InvalidOperationException>(() => fresh.Read(Basket.Of(id), version: 50_000, asOf: null));
    }

    [Fact]
    public async Task a_snapshot_is_written_every_thousand_events_but_not_within_ten_seconds()
    {
        var (id, store) = (Guid.CreateVersion7(), Store(snapshots: 1));
        for (var i = 0; i < 5; i++)
            await store.Write(Basket.Of(id), b => Enumerable.Repeat(new ItemAdded("苹果", 1), 450).ToArray<IBasketEvent>());
        Task<long> Kept(string what = "version") => fixture.Scalar<long>($"select {what} from snapshots where stream_id = @id", new { id });
        (await Kept()).ShouldBe(1_350, "no second snapshot is written within ten seconds");
        await Should.ThrowAsync<RuleViolationException>(() => store.Write(Basket.Of(id), b => b.Add(1_000, atMost: 1_000)));
        (await store.Write(Basket.Of(id), _ => Array.Empty<IBasketEvent>())).Version.ShouldBe(2_250);
        (await Kept()).ShouldBe(1_350);

        var other = Store(snapshots: 1);
        await other.Write(Basket.Of(id), b => Enumerable.Repeat(new ItemAdded("苹果", 1), 800).ToArray<IBasketEvent>());
        (await Kept(), await Kept("(state -> 'items')::bigint")).ShouldBe((3_050, 3_050));
    }

    [Fact]
    public async Task a_snapshot_of_another_version_is_ignored()
    {
        var id = await Grown(3_000);
        var old = Store(snapshots: 1);
        await old.Write(Basket.Of(id), b => b.Add());
        await using (var admin = new NpgsqlConnection(fixture.Database.Admin))
            await admin.ExecuteAsync("update snapshots set state = '{\"items\": \"of another shape\"}' where stream_id = @id", new { id });
        var @new = Store(snapshots: 2);
        (await @new.Write(Basket.Of(id), b => b.Add(b.Items))).Version.ShouldBe(3_002);
        (await fixture.Scalar<string>("select kind || ' at ' || version from snapshots where stream_id = @id", new { id })).ShouldBe(
            "basket 2 at 3002"
        );
        var without = Store(snapshots: null);
        (await without.Read(Basket.Of(id))).ShouldBe((new Basket(6_002, false), 3_002));
    }

    EventStore Store(int? snapshots) =>
        new(fixture.Db, new EventStoreOptions().Aggregate<Basket, IBasketEvent>("basket", snapshots), TimeProvider.System);

    /// <summary>Makes a stream with this many events by SQL.</summary>
    async Task<Guid> Grown(int facts)
    {
        var id = Guid.CreateVersion7();
        await fixture.Scalar<int>(
            """
            with s as (insert into mt_streams (id, type, version) values (@id, 'basket', @facts) returning id)
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            select nextval('mt_events_sequence'), gen_random_uuid(), s.id, v, '{"item": "苹果", "quantity": 1}', 'item_added', now()
            from s, generate_series(1, @facts) v returning 1
            """,
            new { id, facts }
        );
        return id;
    }

    async Task Unreadable(Guid id, int upTo)
    {
        await using var admin = new NpgsqlConnection(fixture.Database.Admin);
        await admin.ExecuteAsync("update mt_events set type = 'unknown' where stream_id = @id and version <= @upTo", new { id, upTo });
    }
}
