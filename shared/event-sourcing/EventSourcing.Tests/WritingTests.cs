using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

public sealed class WritingTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    readonly EventStore store = fixture.Store(o => o.Inline(new BasketCounts("inline-counts", "inline_counts")));

    [Fact]
    public async Task events_are_read_back_as_written_with_versions_and_metadata()
    {
        await Prepared();
        var id = Guid.CreateVersion7();
        var request = new Request(TimeProvider.System) { Metadata = new("corr", "cause", "alice", "00-trace") };
        var first = await store.Write(request, Basket.Of(id), b => b.Add(2));
        first.Version.ShouldBe(1);
        first.Events.ShouldBe([new ItemAdded("苹果", 2)]);
        await store.Write(request, Basket.Of(id), b => [new ItemAdded("𠮷野家 😀", 1), new PaymentTaken(9.99m)]);

        var events = await store.FetchStream(id);
        events.Select(e => e.Version).ShouldBe([1, 2, 3]);
        events.Select(e => e.Data).ShouldBe([new ItemAdded("苹果", 2), new ItemAdded("𠮷野家 😀", 1), new PaymentTaken(9.99m)]);
        events.ShouldAllBe(e => e.Metadata == new EventMetadata("corr", "cause", "alice", "00-trace"));
        (await store.Read(Basket.Of(id))).ShouldBe((new Basket(3, true), 3));
        (await store.Read(Basket.Of(id), version: 1, asOf: null)).ShouldBe((new Basket(2, false), 1));
        (await fixture.Scalar<string>("select type from mt_events where stream_id = @id and version = 3", new { id })).ShouldBe(
            "basket_paid"
        );
    }

    [Fact]
    public async Task a_refused_command_leaves_no_trace()
    {
        await Prepared();
        var id = Guid.CreateVersion7();
        var refusal = await Should.ThrowAsync<RuleViolationException>(() => store.Write(Basket.Of(id), b => b.Add(5, atMost: 4)));
        refusal.Code.ShouldBe("basket-full");
        (
            await fixture.Scalar<long>(
                "select (select count(*) from mt_streams where id = @id) + (select count(*) from mt_events where stream_id = @id)",
                new { id }
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task a_decision_without_events_writes_nothing()
    {
        await Prepared();
        var id = Guid.CreateVersion7();
        (await store.Write(Basket.Of(id), _ => Array.Empty<IBasketEvent>())).Version.ShouldBe(0);
        (await fixture.Scalar<long>("select count(*) from mt_streams where id = @id", new { id })).ShouldBe(0);
    }

    [Fact]
    public async Task a_stale_expected_version_is_refused()
    {
        await Prepared();
        var id = Guid.CreateVersion7();
        await store.Write(Basket.Of(id), b => b.Add());
        (await store.Write(Basket.Of(id), b => b.Add(), ifMatch: 1)).Version.ShouldBe(2);
        var stale = await Should.ThrowAsync<StaleVersionException>(() => store.Write(Basket.Of(id), b => b.Add(), ifMatch: 1));
        (stale.Expected, stale.Actual).ShouldBe((1, 2));
    }

    [Fact]
    public async Task of_32_writers_with_the_same_expected_version_one_wins()
    {
        await Prepared();
        var id = Guid.CreateVersion7();
        await store.Write(Basket.Of(id), b => b.Add());
        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(async _ =>
                {
                    try
                    {
                        return (await fixture.Store().Write(Basket.Of(id), b => b.Add(), ifMatch: 1)).Version;
                    }
                    catch (StaleVersionException)
                    {
                        return 0;
                    }
                })
        );
        outcomes.Count(v => v == 2).ShouldBe(1);
        outcomes.Count(v => v == 0).ShouldBe(31);
    }

    [Fact]
    public async Task on_a_hot_stream_every_command_succeeds_or_is_refused_by_its_rule()
    {
        await Prepared();
        var id = Guid.CreateVersion7();
        var stores = new[] { store, fixture.Store(o => o.Inline(new BasketCounts("inline-counts", "inline_counts"))) };
        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 320)
                .Select(i =>
                    Task.Run(async () =>
                    {
                        try
                        {
                            return (await stores[i % 2].Write(Basket.Of(id), b => b.Add(1, atMost: 250))).Events.Count;
                        }
                        catch (RuleViolationException)
                        {
                            return 0;
                        }
                    })
                )
        );
        outcomes.Sum().ShouldBe(250);
        (await store.Read(Basket.Of(id))).ShouldBe((new Basket(250, false), 250));
        (await fixture.Scalar<int>("select items from inline_counts where id = @id", new { id })).ShouldBe(250);
    }

    [Fact]
    public async Task a_statement_alongside_commits_with_the_write_or_not_at_all()
    {
        await Prepared();
        var message = Guid.CreateVersion7();
        var request = new Request(TimeProvider.System) { Key = (_, sql) => sql.Add("insert into inbox (message_id) values ($1)", message) };
        await Should.ThrowAsync<RuleViolationException>(() =>
            store.Write(request, Basket.Of(Guid.CreateVersion7()), b => b.Add(2, atMost: 1))
        );
        (await fixture.Scalar<long>("select count(*) from inbox where message_id = @message", new { message })).ShouldBe(0);
        await store.Write(Basket.Of(Guid.CreateVersion7()), b => b.Add());
        (await fixture.Scalar<long>("select count(*) from inbox where message_id = @message", new { message })).ShouldBe(
            0,
            "the statement belongs to the write of its request only"
        );
        await store.Write(request, Basket.Of(Guid.CreateVersion7()), b => b.Add());
        (await fixture.Scalar<long>("select count(*) from inbox where message_id = @message", new { message })).ShouldBe(1);
    }

    [Fact]
    public async Task writes_use_the_pool_for_writes_only()
    {
        await using var reads = Pool("pool-reads");
        await using var writes = Pool("pool-writes");
        var (pooled, id) = (fixture.Store(on: reads, writes: writes), Guid.CreateVersion7());
        for (var n = 1; n <= 3; n++)
            (await pooled.Write(Basket.Of(id), b => b.Add())).Version.ShouldBe(n);
        (await Sessions("pool-writes"), await Sessions("pool-reads")).ShouldBe((1, 0), "sequential writes use the same session");
        (await pooled.FetchStream(id)).Count.ShouldBe(3);
        (await Sessions("pool-writes"), await Sessions("pool-reads")).ShouldBe((1, 1));

        NpgsqlDataSource Pool(string name) =>
            NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(fixture.Database.App) { ApplicationName = name, SearchPath = "read,public" }.ToString()
            );
        Task<long> Sessions(string name) =>
            fixture.Scalar<long>(
                "select count(*) from pg_stat_activity where application_name = @name and datname = current_database()",
                new { name }
            );
    }

    async Task Prepared()
    {
        await using var daemon = await fixture.Run(store);
    }
}
