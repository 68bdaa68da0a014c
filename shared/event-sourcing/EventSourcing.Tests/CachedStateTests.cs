using Dapper;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>A process caches the states of streams. A stale state must never decide: the append checks its version.</summary>
public sealed class CachedStateTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    readonly EventStore store = fixture.Store();

    [Fact]
    public async Task a_stale_cached_state_never_decides_a_write_or_a_refusal()
    {
        var (here, elsewhere, id) = (fixture.Store(), fixture.Store(), Guid.CreateVersion7());
        await here.Write(Basket.Of(id), b => b.Add());
        await elsewhere.Write(Basket.Of(id), b => b.Add(3));
        // The cache has 1 item at version 1. A decision on that is not recorded but made again on 4 items.
        (await here.Write(Basket.Of(id), b => b.Add(b.Items))).Version.ShouldBe(3);
        (await here.Read(Basket.Of(id))).State.Items.ShouldBe(8);
        // A refusal and a no-op append nothing that would check the version, so they are decided again on the log.
        await elsewhere.Write(Basket.Of(id), _ => new IBasketEvent[] { new PaymentTaken(1) });
        (await here.Write(Basket.Of(id), b => b.Paid ? b.Add() : throw new RuleViolationException("unpaid", "unpaid"))).Version.ShouldBe(5);
        await elsewhere.Write(Basket.Of(id), b => b.Add());
        (await here.Write(Basket.Of(id), b => b.Items == 10 ? b.Add() : Array.Empty<IBasketEvent>())).Version.ShouldBe(7);
    }

    [Fact]
    public async Task only_a_no_op_that_lasts_is_decided_from_the_cache()
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
        // The cache has 1 item, and there will never be fewer.
        (await here.Execute([First(1).ButOnce(message)]))[0]
            .Version.ShouldBe(1);
        seen.ShouldBe([1]);
        (await elsewhere.Execute([First(5).ButOnce(message)]))[0]
            .Duplicate.ShouldBeTrue("a message that changed nothing is executed all the same");
        seen.Clear();
        // A decision that is no no-op is checked as always: with 1 item it would add one, with the 2 of the log it does not.
        (await here.Execute([First(2)]))[0]
            .Version.ShouldBe(2);
        seen.ShouldBe([1, 2]);
        // It does not validate the cached state for another write on the same stream.
        await elsewhere.Write(Basket.Of(id), b => b.Add());
        (await here.Execute([First(1), Write.To(Basket.Of(id), b => b.Items == 3 ? b.Add() : [])]))[1].Version.ShouldBe(4);
    }

    [Fact]
    public async Task a_cached_state_newer_than_the_log_is_discarded()
    {
        var (here, id) = (fixture.Store(), Guid.CreateVersion7());
        for (var i = 0; i < 3; i++)
            await here.Write(Basket.Of(id), b => b.Add());
        // As after a fail-over to a standby without the last events, or after a backup was restored under a running process.
        await using (var admin = new NpgsqlConnection(fixture.Database.Admin))
            await admin.ExecuteAsync(
                "delete from mt_events where stream_id = @id and version > 1; update mt_streams set version = 1 where id = @id",
                new { id }
            );
        (await here.Write(Basket.Of(id), b => b.Add(10 * b.Items))).Version.ShouldBe(2);
        (await here.Read(Basket.Of(id))).ShouldBe((new Basket(11, false), 2));
    }

    [Fact]
    public async Task a_stream_that_must_be_new_is_refused_if_it_exists()
    {
        var id = Guid.CreateVersion7();
        (await fixture.Store().Write(Basket.Of(id), b => b.Add(), ifMatch: 0)).Version.ShouldBe(1);
        (
            await Should.ThrowAsync<StaleVersionException>(() => fixture.Store().Write(Basket.Of(id), b => b.Add(), ifMatch: 0))
        ).Actual.ShouldBe(1);
        (await fixture.Scalar<long>("select count(*) from mt_events where stream_id = @id", new { id })).ShouldBe(1);
    }

    [Fact]
    public async Task events_of_a_refused_command_do_not_validate_a_cached_state()
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
