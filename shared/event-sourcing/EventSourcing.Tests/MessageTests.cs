namespace CrmPlatform.EventSourcing.Tests;

/// <summary>A write that answers to a message is executed once, however often and wherever the message arrives.</summary>
public sealed class MessageTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    readonly EventStore store = fixture.Store();

    [Fact]
    public async Task a_message_executed_by_another_process_is_a_duplicate_despite_the_cache()
    {
        var (here, elsewhere, id, message) = (fixture.Store(), fixture.Store(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await here.Write(Basket.Of(id), b => b.Add());
        await elsewhere.Execute([Write.Append(Journal.Of(Guid.CreateVersion7()), new Noted(1)).ButOnce(message)]);
        (await here.Execute([Write.To(Basket.Of(id), b => b.Add()).ButOnce(message)]))[0].Duplicate.ShouldBeTrue();
        (await here.Read(Basket.Of(id))).Version.ShouldBe(1);
    }

    [Fact]
    public async Task a_repeated_message_is_a_duplicate_although_a_rule_would_refuse_it_now()
    {
        var (here, elsewhere, id, message) = (fixture.Store(), fixture.Store(), Guid.CreateVersion7(), Guid.CreateVersion7());
        (await here.Write(Basket.Of(id), b => b.Add(3, atMost: 4), ifMatch: 0, once: message)).Version.ShouldBe(1);
        foreach (var process in new[] { here, elsewhere, elsewhere })
        {
            (await process.Write(Basket.Of(id), b => b.Add(3, atMost: 4), once: message)).Duplicate.ShouldBeTrue(
                "the rule would refuse it, since its own items are in the basket"
            );
            (await process.Write(Basket.Of(id), b => b.Add(3), ifMatch: 0, once: message)).Duplicate.ShouldBeTrue(
                "the expected version would be refused, since its own event is in the stream"
            );
            // The first command is executed alone; the others share a transaction, in which they see each other's events.
            var together = Enumerable
                .Range(0, 9)
                .Select(i => process.Write(Basket.Of(id), b => b.Add(1, i % 2 == 0 ? int.MaxValue : 4), once: i % 2 == 0 ? null : message))
                .ToArray();
            (await Task.WhenAll(together)).Count(r => r.Duplicate).ShouldBe(4);
        }
        (await here.Read(Basket.Of(id))).State.Items.ShouldBe(18);
    }

    [Fact]
    public async Task a_message_is_executed_once_however_often_it_arrives()
    {
        var (id, message) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => store.Write(Basket.Of(id), b => b.Add(), once: message)))
        );
        results.Count(r => !r.Duplicate).ShouldBe(1);
        (await store.Read(Basket.Of(id))).State.Items.ShouldBe(1);
    }

    [Fact]
    public async Task a_repeated_message_is_a_duplicate_whatever_version_is_expected()
    {
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
}
