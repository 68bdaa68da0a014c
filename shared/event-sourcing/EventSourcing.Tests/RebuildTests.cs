namespace CrmPlatform.EventSourcing.Tests;

/// <summary>Projections that are built from the log while commands write and clients read.</summary>
public sealed class RebuildTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    static string Unique(string name) => name + Guid.CreateVersion7().ToString("N");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_rebuild_under_load_loses_nothing_and_never_shows_a_half_built_view(bool inline)
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
                select count(*) from {table} t
                join (select stream_id, count(*) as n from mt_events where type = 'item_added' group by 1) e on e.stream_id = t.id
                where t.id = any(@ids) and t.events = e.n and t.items = e.n
                """,
                new { ids }
            )
        ).ShouldBe(20);
    }

    [Fact]
    public async Task a_write_in_progress_during_the_swap_is_in_the_new_tables()
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
    public async Task a_new_projection_is_built_from_the_log_before_it_is_read()
    {
        var old = fixture.Store();
        var id = Guid.CreateVersion7();
        await old.Write(Basket.Of(id), b => b.Add(4));
        var counts = new BasketCounts(Unique("c"), Unique("t"));
        await using var daemon = await fixture.Run(fixture.Store(o => o.Inline(counts)));
        (await fixture.Scalar<int>($"select items from {counts.Ddl.Split(' ')[5]} where id = @id", new { id })).ShouldBe(4);
    }
}
