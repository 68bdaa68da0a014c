using Shouldly;
using Xunit;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>One decision about several streams.</summary>
public sealed class ManyStreamsTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    readonly EventStore store = fixture.Store();
    readonly Guid one = Guid.CreateVersion7(),
        two = Guid.CreateVersion7();

    [Fact]
    public async Task a_decision_about_several_streams_is_recorded_in_all_or_in_none()
    {
        await Filled(3, 0);
        var done = await store.Write(Move(2));
        (done.StreamId, done.Version).ShouldBe((one, 2), "stream and version are those of the first stream");
        done.Events.ShouldBe([new ItemAdded("moved", -2), new ItemAdded("moved", 2)]);
        (await Items(one), await Items(two)).ShouldBe((1, 2));

        (await Should.ThrowAsync<RuleViolationException>(() => store.Write(Move(2)))).Code.ShouldBe("not-enough");
        (await Items(one), await Items(two)).ShouldBe((1, 2));
        (await store.Read(Basket.Of(one))).Version.ShouldBe(2);
    }

    [Fact]
    public async Task a_decision_sees_its_own_events_and_may_name_a_stream_twice()
    {
        await store.Write(
            Write.To(
                Basket.Of(one),
                Basket.Of(one),
                (first, again) =>
                {
                    first.Append(first.State.Add(2));
                    again.State.Items.ShouldBe(2);
                    again.Append([.. again.State.Add(again.State.Items), new PaymentTaken(1)]);
                    (first.Version, first.State).ShouldBe((3, new Basket(4, true)));
                }
            )
        );
        (await store.Read(Basket.Of(one))).ShouldBe((new Basket(4, true), 3));
    }

    [Fact]
    public async Task a_decision_about_a_list_of_streams_is_recorded_in_all_or_in_none()
    {
        await Filled(3, 0);
        var three = Guid.CreateVersion7();
        Write Share(int each) =>
            Write.To(
                Basket.Of(one),
                [Basket.Of(two), Basket.Of(three)],
                (first, others) =>
                {
                    foreach (var other in others)
                    {
                        first.Append(first.State.Add(-each));
                        other.Append(other.State.Add(each));
                    }
                    if (first.State.Items < 0)
                        throw new RuleViolationException("not-enough", "too few items", "items");
                }
            );
        var done = await store.Write(Share(1));
        (done.StreamId, done.Version).ShouldBe((one, 3), "stream and version are those of the first stream");
        (await Items(one), await Items(two), await Items(three)).ShouldBe((1, 1, 1));
        (await Should.ThrowAsync<RuleViolationException>(() => store.Write(Share(1)))).Code.ShouldBe("not-enough");
        (await Items(one), await Items(two), await Items(three)).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task event_ids_of_a_transaction_ascend_in_its_order()
    {
        await store.Write(
            Write.To(
                Basket.Of(one),
                Basket.Of(two),
                (first, second) =>
                {
                    for (var i = 0; i < 20; i++)
                    {
                        first.Append(first.State.Add());
                        second.Append(second.State.Add());
                    }
                }
            )
        );
        foreach (var id in new[] { one, two })
        {
            var ids = (await store.FetchStream(id)).Select(e => e.Id).ToList();
            ids.ShouldBe(ids.Order());
        }
    }

    [Fact]
    public async Task the_expected_version_is_that_of_the_first_stream()
    {
        await Filled(3, 0);
        (await Should.ThrowAsync<StaleVersionException>(() => store.Write(Move(1), ifMatch: 7))).Actual.ShouldBe(1);
        (await store.Write(Move(1), ifMatch: 1)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task a_stream_that_is_only_read_is_loaded_from_the_log_not_the_cache()
    {
        await Filled(3, 1);
        await fixture.Store().Write(Basket.Of(two), _ => [new PaymentTaken(1)]); // another process
        await store.Write(
            Write.To(Basket.Of(one), Basket.Of(two), (asking, asked) => asking.Append(asking.State.Add(asked.State.Paid ? 10 : 1)))
        );
        (await Items(one)).ShouldBe(13);
    }

    [Fact]
    public async Task a_message_is_executed_once_in_all_of_its_streams()
    {
        await Filled(3, 0);
        var message = Guid.CreateVersion7();
        for (var i = 0; i < 3; i++)
            (await store.Write(Move(1).ButOnce(message))).Duplicate.ShouldBe(i > 0);
        (await Items(one), await Items(two)).ShouldBe((2, 1));
    }

    [Fact]
    public async Task a_stream_that_is_probably_new_is_loaded_if_it_exists()
    {
        var seen = new List<Basket>();
        var probablyNew = Basket.Of(one) with { ProbablyNew = true };
        (await fixture.Store().Write(probablyNew, Decide)).Version.ShouldBe(1);
        seen.ShouldBe([Basket.Initial], "the stream was not loaded");
        (await fixture.Store().Write(probablyNew, Decide)).Events.ShouldBeEmpty("in a process that has not cached it");
        seen[^1].Items.ShouldBe(1);
        (await store.Read(Basket.Of(one))).Version.ShouldBe(1);

        IBasketEvent[] Decide(Basket basket)
        {
            seen.Add(basket);
            return basket.Items > 0 ? [] : basket.Add();
        }
    }

    [Fact]
    public async Task concurrent_moves_between_streams_lose_and_create_nothing()
    {
        var (other, ids) = (fixture.Store(), Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7()).ToArray());
        foreach (var id in ids)
            await store.Write(Basket.Of(id), b => b.Add(50));
        await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(i =>
                    Task.Run(async () =>
                    {
                        try
                        {
                            await (i % 2 == 0 ? store : other).Write(Move(i % 7 + 1, ids[i % 4], ids[(i + 1 + i / 4 % 3) % 4]));
                        }
                        catch (RuleViolationException refused)
                        {
                            refused.Code.ShouldBe("not-enough", "the only possible refusal");
                        }
                    })
                )
        );
        var left = await Task.WhenAll(ids.Select(Items));
        left.Sum().ShouldBe(200);
        left.Min().ShouldBeGreaterThanOrEqualTo(0);
    }

    async Task Filled(int first, int second)
    {
        await store.Write(Basket.Of(one), b => b.Add(first));
        await store.Write(Basket.Of(two), b => b.Add(second));
    }

    Write Move(int quantity) => Move(quantity, one, two);

    static Write Move(int quantity, Guid from, Guid to) =>
        Write.To(
            Basket.Of(from),
            Basket.Of(to),
            (source, target) =>
            {
                source.Append(new ItemAdded("moved", -quantity));
                target.Append(new ItemAdded("moved", quantity));
                if (source.State.Items < 0)
                    throw new RuleViolationException("not-enough", "there are not enough items");
            }
        );

    async Task<int> Items(Guid id) => (await fixture.Store().Read(Basket.Of(id))).State.Items;
}
