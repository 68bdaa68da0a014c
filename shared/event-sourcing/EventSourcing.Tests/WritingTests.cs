using Dapper;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

public sealed class WritingTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    readonly EventStore store = fixture.Store(o => o.Inline(new BasketCounts("inline-counts", "inline_counts")));

    [Fact]
    public async Task facts_come_back_as_they_were_written_with_versions_metadata_and_utf8()
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
    public async Task a_decision_without_facts_writes_nothing()
    {
        await Prepared();
        var id = Guid.CreateVersion7();
        (await store.Write(Basket.Of(id), _ => Array.Empty<IBasketEvent>())).Version.ShouldBe(0);
        (await fixture.Scalar<long>("select count(*) from mt_streams where id = @id", new { id })).ShouldBe(0);
    }

    [Fact]
    public async Task another_version_than_the_expected_one_is_refused()
    {
        await Prepared();
        var id = Guid.CreateVersion7();
        await store.Write(Basket.Of(id), b => b.Add());
        (await store.Write(Basket.Of(id), b => b.Add(), ifMatch: 1)).Version.ShouldBe(2);
        var stale = await Should.ThrowAsync<StaleVersionException>(() => store.Write(Basket.Of(id), b => b.Add(), ifMatch: 1));
        (stale.Expected, stale.Actual).ShouldBe((1, 2));
    }

    [Fact]
    public async Task what_a_process_remembers_of_a_stream_is_checked_by_the_append_and_never_answers_for_the_log()
    {
        await Prepared();
        var (here, elsewhere, id) = (fixture.Store(), fixture.Store(), Guid.CreateVersion7());
        await here.Write(Basket.Of(id), b => b.Add());
        await elsewhere.Write(Basket.Of(id), b => b.Add(3));
        // Remembered are 1 item and version 1. What is decided on that is not recorded: the decision is made again on 4 items.
        (await here.Write(Basket.Of(id), b => b.Add(b.Items))).Version.ShouldBe(3);
        (await here.Read(Basket.Of(id))).State.Items.ShouldBe(8);
        // A refusal and a decision for nothing have no append that checks them, so they ask the log.
        await elsewhere.Write(Basket.Of(id), _ => new IBasketEvent[] { new PaymentTaken(1) });
        (await here.Write(Basket.Of(id), b => b.Paid ? b.Add() : throw new RuleViolationException("unpaid", "unpaid"))).Version.ShouldBe(5);
        await elsewhere.Write(Basket.Of(id), b => b.Add());
        (await here.Write(Basket.Of(id), b => b.Items == 10 ? b.Add() : Array.Empty<IBasketEvent>())).Version.ShouldBe(7);
    }

    [Fact]
    public async Task a_decision_for_nothing_that_lasts_is_answered_from_memory_and_no_other_is()
    {
        await Prepared();
        var (here, elsewhere, id, message) = (fixture.Store(), fixture.Store(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await here.Write(Basket.Of(id), b => b.Add());
        await elsewhere.Write(Basket.Of(id), b => b.Add());
        var seen = new List<int>();
        Write First(int atMost) =>
            Write
                .To(
                    Basket.Of(id),
                    b =>
                    {
                        seen.Add(b.Items);
                        return b.Items < atMost ? b.Add() : [];
                    }
                )
                .WhereNothingLasts();
        // Remembered is 1 item, and there will never be less.
        (await here.Execute([First(1).ButOnce(message)]))[0]
            .Version.ShouldBe(1);
        seen.ShouldBe([1]);
        (await elsewhere.Execute([First(5).ButOnce(message)]))[0]
            .Duplicate.ShouldBeTrue("the message was executed, although it changed nothing");
        seen.Clear();
        // What decides something is checked as ever: on 1 item it would be recorded, on the log's 2 it is not.
        (await here.Execute([First(2)]))[0]
            .Version.ShouldBe(2);
        seen.ShouldBe([1, 2]);
        // Nor does it prove anything for its neighbour on the same stream.
        await elsewhere.Write(Basket.Of(id), b => b.Add());
        (await here.Execute([First(1), Write.To(Basket.Of(id), b => b.Items == 3 ? b.Add() : [])]))[1].Version.ShouldBe(4);
    }

    [Fact]
    public async Task a_message_that_another_process_has_executed_does_nothing_here_although_its_stream_is_remembered()
    {
        await Prepared();
        var (here, elsewhere, id, message) = (fixture.Store(), fixture.Store(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await here.Write(Basket.Of(id), b => b.Add());
        await elsewhere.Execute([Write.Append(Journal.Of(Guid.CreateVersion7()), new Noted(1)).ButOnce(message)]);
        (await here.Execute([Write.To(Basket.Of(id), b => b.Add()).ButOnce(message)]))[0].Duplicate.ShouldBeTrue();
        (await here.Read(Basket.Of(id))).Version.ShouldBe(1);
    }

    [Fact]
    public async Task what_a_process_remembers_is_no_basis_when_the_log_has_gone_back()
    {
        await Prepared();
        var (here, id) = (fixture.Store(), Guid.CreateVersion7());
        for (var i = 0; i < 3; i++)
            await here.Write(Basket.Of(id), b => b.Add());
        // As after a fail-over to a server that never got the last events, or the restore of a backup under a running process.
        await using (var admin = new Npgsql.NpgsqlConnection(fixture.Database.Admin))
            await admin.ExecuteAsync(
                "delete from mt_events where stream_id = @id and version > 1; update mt_streams set version = 1 where id = @id",
                new { id }
            );
        (await here.Write(Basket.Of(id), b => b.Add(10 * b.Items))).Version.ShouldBe(2);
        (await here.Read(Basket.Of(id))).ShouldBe((new Basket(11, false), 2));
    }

    [Fact]
    public async Task a_message_that_was_executed_does_nothing_when_it_comes_again_although_it_would_be_refused_by_now()
    {
        await Prepared();
        var (here, elsewhere, id, message) = (fixture.Store(), fixture.Store(), Guid.CreateVersion7(), Guid.CreateVersion7());
        (await here.Write(Basket.Of(id), b => b.Add(3, atMost: 4), ifMatch: 0, once: message)).Version.ShouldBe(1);
        foreach (var process in new[] { here, elsewhere, elsewhere })
        {
            (await process.Write(Basket.Of(id), b => b.Add(3, atMost: 4), once: message)).Duplicate.ShouldBeTrue(
                "the basket is full, of itself"
            );
            (await process.Write(Basket.Of(id), b => b.Add(3), ifMatch: 0, once: message)).Duplicate.ShouldBeTrue(
                "its own version is the stale one"
            );
            // In company: the first one goes alone, the others share a transaction, and the message is decided on facts of its neighbour.
            var together = Enumerable
                .Range(0, 9)
                .Select(i => process.Write(Basket.Of(id), b => b.Add(1, i % 2 == 0 ? int.MaxValue : 4), once: i % 2 == 0 ? null : message))
                .ToArray();
            (await Task.WhenAll(together)).Count(r => r.Duplicate).ShouldBe(4);
        }
        (await here.Read(Basket.Of(id))).State.Items.ShouldBe(18);
    }

    [Fact]
    public async Task a_stream_that_shall_be_new_is_refused_when_it_is_there()
    {
        await Prepared();
        var id = Guid.CreateVersion7();
        (await fixture.Store().Write(Basket.Of(id), b => b.Add(), ifMatch: 0)).Version.ShouldBe(1);
        (
            await Should.ThrowAsync<StaleVersionException>(() => fixture.Store().Write(Basket.Of(id), b => b.Add(), ifMatch: 0))
        ).Actual.ShouldBe(1);
        (await fixture.Scalar<long>("select count(*) from mt_events where stream_id = @id", new { id })).ShouldBe(1);
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
    public async Task a_message_is_executed_once_however_often_it_comes()
    {
        await Prepared();
        var (id, message) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => store.Write(Basket.Of(id), b => b.Add(), once: message)))
        );
        results.Count(r => !r.Duplicate).ShouldBe(1);
        (await store.Read(Basket.Of(id))).State.Items.ShouldBe(1);
    }

    [Fact]
    public async Task a_message_that_was_executed_is_a_duplicate_also_where_its_rule_would_refuse_it_now()
    {
        await Prepared();
        var (id, message, another) = (Guid.CreateVersion7(), Guid.CreateVersion7(), fixture.Store());
        Task<WriteResult> Write(EventStore by, long? expected) =>
            by.Write(Basket.Of(id), b => b.Add(1, atMost: 1), ifMatch: expected, once: message);
        (await Write(store, 0)).Duplicate.ShouldBeFalse();
        foreach (var by in new[] { store, another })
        foreach (var expected in new long?[] { null, 0 })
            (await Write(by, expected)).Duplicate.ShouldBeTrue();
        await Should.ThrowAsync<RuleViolationException>(() =>
            store.Write(Basket.Of(id), b => b.Add(1, atMost: 1), once: Guid.CreateVersion7())
        );
    }

    [Fact]
    public async Task what_a_refused_command_did_before_it_was_refused_proves_nothing_of_what_it_remembered()
    {
        await Prepared();
        var (id, another) = (Guid.CreateVersion7(), fixture.Store());
        await store.Write(Basket.Of(id), b => b.Add());
        await another.Write(Basket.Of(id), _ => new IBasketEvent[] { new PaymentTaken(1) });
        var results = await store.Execute([
            Write.To(Basket.Of(id), b => b.Add()),
            Write.To(Basket.Of(id), b => b.Paid ? b.Add() : throw new RuleViolationException("not-paid", "pay first")),
        ]);
        results[1].Version.ShouldBe(4);
    }

    [Fact]
    public async Task many_streams_are_written_in_one_transaction_and_decisions_on_one_stream_follow_one_another()
    {
        await Prepared();
        var ids = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7()).ToArray();
        var results = await store.Execute([.. ids.Concat(ids).Select(id => Write.To(Basket.Of(id), b => b.Add(b.Items + 1)))]);
        results.Take(300).ShouldAllBe(r => r.Version == 1);
        results.Skip(300).ShouldAllBe(r => r.Version == 2);
        (await store.Read(Basket.Of(ids[7]))).ShouldBe((new Basket(3, false), 2));
        (await fixture.Scalar<long>("select count(*) from inline_counts where id = any(@ids) and items = 3", new { ids })).ShouldBe(300);
    }

    [Fact]
    public async Task a_refusal_takes_back_all_of_a_group_or_is_a_result_of_its_own()
    {
        await Prepared();
        var (a, b, c) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Write[] Writes(Guid message) =>
            [
                Write.To(Basket.Of(a), x => x.Add()),
                Write.To(Basket.Of(b), x => x.Add()).ButOnce(message),
                Write.To(Basket.Of(a), x => x.Add(9, atMost: 3)).ButOnce(message),
                Write.To(Basket.Of(c), x => x.Add()),
            ];
        await Should.ThrowAsync<RuleViolationException>(() => store.Execute(Writes(Guid.CreateVersion7())));
        (await fixture.Scalar<long>("select count(*) from mt_streams where id = any(@ids)", new { ids = new[] { a, b, c } })).ShouldBe(0);

        var message = Guid.CreateVersion7();
        var results = await store.Execute(new(TimeProvider.System), Writes(message), refusalsAsResults: true);
        results.Select(r => r.Refused?.Code).ShouldBe([null, "basket-full", "basket-full", null]);
        (await store.Read(Basket.Of(b))).Version.ShouldBe(0);
        (await store.Read(Basket.Of(a))).State.Items.ShouldBe(1);
        (await store.Write(Basket.Of(b), x => x.Add(), once: message)).Duplicate.ShouldBeFalse();
    }

    [Fact]
    public async Task blind_appends_of_many_writers_never_conflict_and_leave_no_gap()
    {
        await Prepared();
        var ids = Enumerable.Range(0, 10).Select(_ => Guid.CreateVersion7()).ToArray();
        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(w =>
                    Task.Run(() =>
                        store.Execute([
                            .. ids.OrderBy(_ => Random.Shared.Next())
                                .Select(id => Write.Append(Journal.Of(id), new Noted(w), new Noted(w))),
                        ])
                    )
                )
        );
        foreach (var id in ids)
        {
            var events = await store.FetchStream(id);
            events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, 80).Select(v => (long)v));
            (await fixture.Scalar<long>("select version from mt_streams where id = @id", new { id })).ShouldBe(80);
            events.Chunk(2).ShouldAllBe(pair => ((Noted)pair[0].Data).Number == ((Noted)pair[1].Data).Number);
        }
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
            "it belongs to the request's own write"
        );
        await store.Write(request, Basket.Of(Guid.CreateVersion7()), b => b.Add());
        (await fixture.Scalar<long>("select count(*) from inbox where message_id = @message", new { message })).ShouldBe(1);
    }

    [Fact]
    public async Task what_is_written_goes_through_the_pool_for_writes_alone()
    {
        await using var reads = Pool("pool-reads");
        await using var writes = Pool("pool-writes");
        var (pooled, id) = (fixture.Store(on: reads, writes: writes), Guid.CreateVersion7());
        for (var n = 1; n <= 3; n++)
            (await pooled.Write(Basket.Of(id), b => b.Add())).Version.ShouldBe(n);
        (await Sessions("pool-writes"), await Sessions("pool-reads")).ShouldBe((1, 0), "who writes alone always has the same session");
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
