using Dapper;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>A process caches the states of streams. A stale state must never decide: the append checks its version.</summary>
public sealed class CachedStateTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    readonly EventStore store = fixture.Store();

    [Fact]
    public async Task what_a_process_remembers_of_a_stream_is_checked_by_the_append_and_never_answers_for_the_log()
    {
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
    public async Task what_a_process_remembers_is_no_basis_when_the_log_has_gone_back()
    {
        var (here, id) = (fixture.Store(), Guid.CreateVersion7());
        for (var i = 0; i < 3; i++)
            await here.Write(Basket.Of(id), b => b.Add());
        // As after a fail-over to a server that never got the last events, or the restore of a backup under a running process.
        await using (var admin = new NpgsqlConnection(fixture.Database.Admin))
            await admin.ExecuteAsync(
                "delete from mt_events where stream_id = @id and version > 1; update mt_streams set version = 1 where id = @id",
                new { id }
            );
        (await here.Write(Basket.Of(id), b => b.Add(10 * b.Items))).Version.ShouldBe(2);
        (await here.Read(Basket.Of(id))).ShouldBe((new Basket(11, false), 2));
    }

    [Fact]
    public async Task a_stream_that_shall_be_new_is_refused_when_it_is_there()
    {
        var id = Guid.CreateVersion7();
        (await fixture.Store().Write(Basket.Of(id), b => b.Add(), ifMatch: 0)).Version.ShouldBe(1);
        (
            await Should.ThrowAsync<StaleVersionException>(() => fixture.Store().Write(Basket.Of(id), b => b.Add(), ifMatch: 0))
        ).Actual.ShouldBe(1);
        (await fixture.Scalar<long>("select count(*) from mt_events where stream_id = @id", new { id })).ShouldBe(1);
    }

    [Fact]
    public async Task what_a_refused_command_did_before_it_was_refused_proves_nothing_of_what_it_remembered()
    {
        var (id, another) = (Guid.CreateVersion7(), fixture.Store());
        await store.Write(Basket.Of(id), b => b.Add());
        await another.Write(Basket.Of(id), _ => new IBasketEvent[] { new PaymentTaken(1) });
        var results = await store.Execute([
            Write.To(Basket.Of(id), b => b.Add()),
            Write.To(Basket.Of(id), b => b.Paid ? b.Add() : throw new RuleViolationException("not-paid", "pay first")),
        ]);
        results[1].Version.ShouldBe(4);
    }
}
