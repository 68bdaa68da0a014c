using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// The rule of the global order, case by case and under fire. Each deterministic case is also read by a reader that passes holes at once
/// (the mutation), which must lose the event: that proves that the case can fail.
/// </summary>
public sealed class GlobalOrderTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task a_lower_transaction_id_that_draws_the_later_number_hides_nothing() =>
        await NothingIsLost(
            async (slow, quick) =>
            {
                // Both have a transaction id from an earlier write; the higher id draws first and commits last.
                await quick.Run("begin; insert into inbox values (gen_random_uuid())");
                await slow.Run("begin; insert into inbox values (gen_random_uuid())");
                await slow.Run(await fixture.Insert());
                await quick.Run(await fixture.Insert());
                await quick.Run("commit");
            }
        );

    [Fact]
    public async Task a_higher_transaction_id_that_commits_first_hides_nothing() =>
        await NothingIsLost(
            async (slow, quick) =>
            {
                await slow.Run("begin; insert into inbox values (gen_random_uuid())");
                await slow.Run(await fixture.Insert());
                await quick.Run("begin; insert into inbox values (gen_random_uuid())");
                await quick.Run(await fixture.Insert());
                await quick.Run("commit");
            }
        );

    [Fact]
    public async Task a_number_drawn_before_the_first_write_of_a_transaction_is_waited_for() =>
        await NothingIsLost(
            async (slow, quick) =>
            {
                await slow.Run("begin");
                await slow.Run(await fixture.Insert());
                await quick.Run(await fixture.Insert());
            }
        );

    [Fact]
    public async Task a_burned_number_is_passed_once_its_transaction_has_ended()
    {
        var (store, start) = (fixture.Store(), await Head());
        await using var slow = await fixture.Db.OpenConnectionAsync();
        await using var reading = await fixture.Db.OpenConnectionAsync();
        await slow.Run("begin; " + await fixture.Insert());
        await store.Execute([Write.Append(Journal.Of(Guid.CreateVersion7()), new Noted(7))]);
        var reader = new LogReader(store, null);
        (await reader.Read(reading, start, 100, default)).Position.ShouldBe(start);
        reader.Blocked.ShouldBeTrue();
        await slow.Run("rollback");
        (await reader.Read(reading, start, 100, default)).Events.ShouldHaveSingleItem().Data.ShouldBe(new Noted(7));
        reader.Blocked.ShouldBeFalse();
    }

    [Fact]
    public async Task a_long_transaction_that_never_writes_events_delays_nobody()
    {
        var (store, start) = (fixture.Store(), await Head());
        await using var idle = await fixture.Db.OpenConnectionAsync();
        await using var reading = await fixture.Db.OpenConnectionAsync();
        await idle.Run("begin; insert into inbox values (gen_random_uuid())");
        await using (var burned = await fixture.Db.OpenConnectionAsync())
            await burned.Run($"begin; {await fixture.Insert()}; rollback");
        await store.Execute([Write.Append(Journal.Of(Guid.CreateVersion7()), new Noted(8))]);
        var reader = new LogReader(store, null);
        await reader.Read(reading, start, 100, default);
        (await reader.Read(reading, start, 100, default)).Events.Count.ShouldBe(1);
        await idle.Run("rollback");
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
        await slow.Run("commit");

        (await careless.Read(reading, position, 100, default)).Events.ShouldBeEmpty("the mutation loses the slow writer's event");
        (await careful.Read(reading, start, 100, default)).Events.Count.ShouldBe(2);
    }

    Task<long> Head() => fixture.Scalar<long>("select coalesce(max(seq_id), 0) from mt_events");
}
