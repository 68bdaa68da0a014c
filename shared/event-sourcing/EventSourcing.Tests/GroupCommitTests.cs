using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// Waiting commands share a transaction: the first one is executed alone, and the others queue up while it runs.
/// </summary>
public sealed class GroupCommitTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    readonly EventStore store = fixture.Store();
    readonly Guid[] ids = [.. Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7())];

    Task<WriteResult>[] AllAtOnce() => [.. ids.Select(id => store.Write(Basket.Of(id), b => b.Add()))];

    static async Task<NpgsqlTransaction> Lock(Guid stream, NpgsqlConnection connection)
    {
        var holding = await connection.BeginTransactionAsync();
        await using var locking = new NpgsqlCommand("select 1 from mt_streams where id = $1 for update", connection, holding)
        {
            Parameters = { new() { Value = stream } },
        };
        await locking.ExecuteNonQueryAsync();
        return holding;
    }

    async Task<long> Transactions() =>
        await fixture.Scalar<long>("select count(distinct xmin::text) from mt_events where stream_id = any(@ids)", new { ids });

    [Fact]
    public async Task waiting_commands_share_a_transaction()
    {
        (await Task.WhenAll(AllAtOnce())).ShouldAllBe(r => r.Version == 1);
        (await Transactions()).ShouldBeLessThan(20);
    }

    [Fact]
    public async Task commands_on_one_stream_run_one_after_the_other_in_one_transaction()
    {
        var id = ids[0];
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(async i =>
                {
                    try
                    {
                        return (await store.Write(Basket.Of(id), b => b.Add(1, atMost: 50))).Version;
                    }
                    catch (RuleViolationException)
                    {
                        return 0;
                    }
                })
        );
        results.Where(v => v > 0).Order().ShouldBe(Enumerable.Range(1, 50).Select(v => (long)v));
        (await Transactions()).ShouldBeLessThan(25);
    }

    [Fact]
    public async Task many_waiting_commands_form_a_second_group_beside_the_first()
    {
        await Task.WhenAll(AllAtOnce()); // opens the connections, so that later calls decide at once
        using ManualResetEventSlim here = new(),
            there = new();
        var missed = 0;
        Func<Basket, IBasketEvent[]> Meeting(ManualResetEventSlim mine, ManualResetEventSlim other) =>
            basket =>
            {
                mine.Set();
                if (!other.Wait(TimeSpan.FromSeconds(10)))
                    Interlocked.Increment(ref missed);
                return basket.Add();
            };
        var first = Task.Run(() => store.Write(Basket.Of(ids[0]), Meeting(here, there)));
        while (!here.IsSet)
            await Task.Delay(1);
        var second = store.Write(Basket.Of(ids[1]), Meeting(there, here));
        await Task.WhenAll([first, second, .. ids[2..].Select(id => store.Write(Basket.Of(id), b => b.Add()))]);
        missed.ShouldBe(0, "both groups must be decided at the same time");
        (await fixture.Scalar<long>("select count(*) from mt_events where stream_id = any(@ids)", new { ids })).ShouldBe(80);
    }

    [Fact]
    public async Task two_groups_never_contain_commands_on_the_same_stream()
    {
        await Task.WhenAll(AllAtOnce());
        var decisions = 0;
        IBasketEvent[] Count(Basket b)
        {
            Interlocked.Increment(ref decisions);
            return b.Add();
        }
        Task<IReadOnlyList<WriteResult>> Send(int i) =>
            store.Execute([.. new[] { ids[i % 40], ids[i * 7 % 40] }.Distinct().Select(id => Write.To(Basket.Of(id), Count))]);
        var results = (await Task.WhenAll(Enumerable.Range(0, 1_000).Select(Send))).SelectMany(r => r).ToList();
        results
            .GroupBy(r => r.StreamId)
            .ShouldAllBe(g => g.Select(r => r.Version).Order().SequenceEqual(Enumerable.Range(2, g.Count()).Select(v => (long)v)));
        decisions.ShouldBe(results.Count, "no command was decided twice");
    }

    [Fact]
    public async Task every_command_is_answered_when_the_process_ends()
    {
        var db = fixture.Database.Open();
        var ending = fixture.Store(on: db);
        var all = ids.Select(id => ending.Write(Basket.Of(id), b => b.Add())).ToArray();
        await db.DisposeAsync();
        for (var i = 0; i < ids.Length; i++)
        {
            var answer = await all[i]
                .WaitAsync(TimeSpan.FromSeconds(30))
                .ContinueWith(t =>
                    t.IsCompletedSuccessfully ? 1L
                    : t.Exception!.InnerException is ObjectDisposedException ? 0L
                    : -1L
                );
            (await fixture.Scalar<long>("select count(*) from mt_events where stream_id = @id", new { id = ids[i] })).ShouldBe(
                answer,
                "acknowledged commands are recorded once, failed ones not at all"
            );
        }
    }

    [Fact]
    public async Task a_conflict_fails_only_its_own_command()
    {
        await Task.WhenAll(AllAtOnce());
        await fixture.Store().Write(Basket.Of(ids[7]), b => b.Add(5));
        var all = ids.Select(id => store.Write(Basket.Of(id), b => b.Add(b.Items), ifMatch: 1)).ToArray();
        (await Should.ThrowAsync<StaleVersionException>(() => all[7])).Actual.ShouldBe(2);
        foreach (var i in Enumerable.Range(0, 40).Where(i => i != 7))
            (await all[i]).Version.ShouldBe(2);
        (await fixture.Scalar<long>("select count(*) from mt_events where stream_id = any(@ids)", new { ids })).ShouldBe(80);
    }

    [Fact]
    public async Task an_error_fails_only_its_own_command_and_leaves_no_trace()
    {
        var first = store.Write(Basket.Of(ids[0]), b => b.Add());
        var broken = store.Write(Basket.Of(ids[1]), b => b.Add(), alongside: sql => sql.Add("select 1 / 0"));
        var bug = store.Write(Basket.Of(ids[2]), _ => throw new FormatException("a bug in a decision"));
        var rest = ids[3..].Select(id => store.Write(Basket.Of(id), b => b.Add())).ToArray();
        (await Should.ThrowAsync<PostgresException>(() => broken)).SqlState.ShouldBe(PostgresErrorCodes.DivisionByZero);
        await Should.ThrowAsync<FormatException>(() => bug);
        (await Task.WhenAll([first, .. rest])).ShouldAllBe(r => r.Version == 1);
        (await fixture.Scalar<long>("select count(*) from mt_streams where id = any(@ids)", new { ids })).ShouldBe(38);
    }

    [Fact]
    public async Task a_message_that_arrives_twice_concurrently_is_executed_once()
    {
        var message = Guid.CreateVersion7();
        var ahead = store.Write(Basket.Of(ids[1]), b => b.Add()); // it is executed alone, and all others queue up behind it
        var results = await Task.WhenAll(ids.Select(_ => store.Write(Basket.Of(ids[0]), b => b.Add(), once: message)));
        await ahead;
        results.Count(r => !r.Duplicate).ShouldBe(1);
        (await store.Read(Basket.Of(ids[0]))).State.Items.ShouldBe(1);
    }

    [Fact]
    public async Task a_locked_stream_does_not_delay_other_streams()
    {
        await Task.WhenAll(AllAtOnce());
        await using var elsewhere = await fixture.Db.OpenConnectionAsync();
        await using var holding = await Lock(ids[5], elsewhere);
        var alone = store.Write(Basket.Of(ids[5]), b => b.Add());
        var all = AllAtOnce();
        (await Task.WhenAll(all.Where((_, i) => i != 5))).ShouldAllBe(r => r.Version == 2);
        (await store.Write(Basket.Of(Guid.CreateVersion7()), b => b.Add())).Version.ShouldBe(1);
        (alone.IsCompleted || all[5].IsCompleted).ShouldBeFalse("their stream is still locked");
        await holding.RollbackAsync();
        (await Task.WhenAll(alone, all[5])).Select(r => r.Version).Order().ShouldBe([2L, 3L]);
    }

    [Fact]
    public async Task commands_on_a_locked_stream_wait_in_memory_and_then_run_as_one_group()
    {
        await Task.WhenAll(AllAtOnce());
        await using var elsewhere = await fixture.Db.OpenConnectionAsync();
        await using var holding = await Lock(ids[5], elsewhere);
        var decisions = 0;
        IBasketEvent[] Count(Basket b)
        {
            Interlocked.Increment(ref decisions);
            return b.Add();
        }
        var same = Enumerable.Range(0, 400).Select(_ => store.Write(Basket.Of(ids[5]), Count)).ToArray();
        for (var i = 0; i < 20; i++)
            (await store.Write(Basket.Of(ids[i == 5 ? 6 : i]), b => b.Add())).Version.ShouldBeGreaterThan(1);
        (
            await fixture.Scalar<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            )
        ).ShouldBe(1, "one command waits for the lock, the others wait in memory");
        await holding.RollbackAsync();
        (await Task.WhenAll(same)).Select(r => r.Version).Order().ShouldBe(Enumerable.Range(2, 400).Select(v => (long)v));
        decisions.ShouldBe(400, "no command was decided twice");
    }
}
