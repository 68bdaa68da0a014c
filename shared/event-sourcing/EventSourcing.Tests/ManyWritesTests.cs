namespace CrmPlatform.EventSourcing.Tests;

/// <summary>Many writes in one transaction, as an import makes them.</summary>
public sealed class ManyWritesTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    readonly EventStore store = fixture.Store(o => o.Inline(new BasketCounts("inline-counts", "inline_counts")));

    [Fact]
    public async Task many_streams_are_written_in_one_transaction_in_the_order_of_the_list()
    {
        await using var daemon = await fixture.Run(store);
        var ids = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7()).ToArray();
        var results = await store.Execute([.. ids.Concat(ids).Select(id => Write.To(Basket.Of(id), b => b.Add(b.Items + 1)))]);
        results.Take(300).ShouldAllBe(r => r.Version == 1);
        results.Skip(300).ShouldAllBe(r => r.Version == 2);
        (await store.Read(Basket.Of(ids[7]))).ShouldBe((new Basket(3, false), 2));
        (await fixture.Scalar<long>("select count(*) from inline_counts where id = any(@ids) and items = 3", new { ids })).ShouldBe(300);
    }

    [Fact]
    public async Task a_refusal_rolls_back_all_writes_or_becomes_a_result()
    {
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
}
