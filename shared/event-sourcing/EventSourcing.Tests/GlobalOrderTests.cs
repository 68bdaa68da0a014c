using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// The rule of the global order (see <see cref="LogReader"/>), case by case. Each case is also read by a reader that passes gaps at once
/// and must lose the event: this proves that the case can fail.
/// </summary>
public sealed class GlobalOrderTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task no_event_is_lost_when_the_lower_transaction_id_draws_the_later_number() =>
        await NothingIsLost(
            async (slow, quick) =>
            {
                // Both get their transaction id from an earlier write; the higher one draws its number first and commits last.
                await quick.Run("begin; insert into inbox values (gen_random_uuid())");
                await slow.Run("begin; insert into inbox values (gen_random_uuid())");
                await slow.Run(await fixture.Insert());
                await quick.Run(await fixture.Insert());
                await quick.Run("commit");
            }
        );

    [Fact]
    public async Task no_event_is_lost_when_the_higher_transaction_id_commits_first() =>
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
    public async Task a_gap_of_an_open_transaction_is_waited_for() =>
        await NothingIsLost(
            async (slow, quick) =>
            {
                await slow.Run("begin");
                await slow.Run(await fixture.Insert());
                await quick.Run(await fixture.Insert());
            }
        );

    [Fact]
    public async Task the_gap_of_a_rolled_back_transaction_is_passed()
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
    public async Task a_long_transaction_that_never_writes_events_delays_no_follower()
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
        var (careful, careless) = (new LogReader(store, null), new LogReader(store, null, ignoreGaps: true));

        var (early, position) = await careless.Read(reading, start, 100, default);
        early.Count.ShouldBe(1);
        for (var poll = 0; poll < 5; poll++)
            (await careful.Read(reading, start, 100, default)).Position.ShouldBe(start);
        careful.Blocked.ShouldBeTrue();
        await slow.Run("commit");

        (await careless.Read(reading, position, 100, default)).Events.ShouldBeEmpty(
            "a reader that does not wait loses the event of the slow transaction"
        );
        (await careful.Read(reading, start, 100, default)).Events.Count.ShouldBe(2);
    }

    Task<long> Head() => fixture.Scalar<long>("select coalesce(max(seq_id), 0) from mt_events");
}
