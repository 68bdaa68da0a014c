using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Groups;

/// <summary>
/// The law over the real database and broker: while customers are merged the room says of each what it says of one customer who did it all;
/// once they are separated, what it says of twins who never were.
/// </summary>
public class GroupLawTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public async Task merge_then_unmerge_leaves_every_view_as_it_was(int seed)
    {
        var (random, now) = (new Random(seed), fixture.Clock.GetUtcNow());
        Guid[] members = [.. Enumerable.Range(0, 2 + (seed % 2)).Select(_ => Guid.CreateVersion7())];
        var (twins, one) = (members.ToDictionary(m => m, _ => Guid.CreateVersion7()), Guid.CreateVersion7());
        var bought = new List<Contracts.PurchaseRecorded>();
        foreach (var id in members.Concat(twins.Values).Append(one))
            await fixture.Hear("customers", new Contracts.CustomerRegistered(id, "individual", null, now.AddDays(-400)));
        await Do(12);
        await fixture.Run();

        for (var i = random.Next(3); i > 0; i--)
        {
            Guid[] some = [.. members.OrderBy(_ => random.Next()).Take(2)];
            await fixture.Hear("customers", [.. GroupWorld.Linked(now, some).OrderBy(_ => random.Next())]);
            await Do(3);
            await fixture.Hear("customers", [.. GroupWorld.Parted(now, some).OrderBy(_ => random.Next())]);
        }
        await fixture.Hear("customers", [.. GroupWorld.Linked(now, members).OrderBy(_ => random.Next())]);
        await Do(6);
        await Settle();
        foreach (var id in members)
            (await fixture.Said(id, grade: false)).ShouldBe(await fixture.Said(one, grade: false));
        // Every other time a run counts the group; then the grades of twins come from a run that counted others.
        var scored = seed % 2 == 1;
        if (scored)
        {
            await RunTwice();
            foreach (var id in members)
                (await fixture.Said(id)).ShouldBe(await fixture.Said(one));
        }
        var apart = await fixture.Sum("lifecycle");

        await fixture.Hear("customers", [.. GroupWorld.Parted(now, members).OrderBy(_ => random.Next())]);
        await Do(3);
        await Settle();
        (await fixture.Sum("lifecycle")).ShouldBe(apart + members.Length - 1);
        foreach (var id in members)
            (await fixture.Said(id, grade: !scored)).ShouldBe(await fixture.Said(twins[id], grade: !scored));
        await RunTwice();
        foreach (var id in members)
            (await fixture.Said(id)).ShouldBe(await fixture.Said(twins[id]));

        // What two days' runs find stands, whatever stood before.
        async Task RunTwice()
        {
            await fixture.Run();
            fixture.Clock.Advance(TimeSpan.FromDays(1));
            await fixture.Run();
        }

        // The same is told of a member, of the twin, and of the one who does it all.
        async Task Do(int facts)
        {
            for (; facts > 0; facts--)
                switch (Next())
                {
                    case Contracts.PurchaseRecorded p:
                        foreach (var id in new[] { p.CustomerId!.Value, twins[p.CustomerId.Value], one })
                            await fixture.Hear("customers", p with { CustomerId = id });
                        break;
                    case Contracts.PurchaseReturned r:
                        foreach (var id in new[] { r.CustomerId!.Value, twins[r.CustomerId.Value], one })
                            await fixture.Hear("customers", r with { CustomerId = id });
                        break;
                    case Contracts.PurchaseRetracted r:
                        foreach (var id in new[] { r.CustomerId!.Value, twins[r.CustomerId.Value], one })
                            await fixture.Hear("customers", r with { CustomerId = id });
                        break;
                }
        }

        object Next()
        {
            if (bought.Count == 0 || random.Next(3) > 0)
            {
                var at = now.AddHours(-random.Next(1, 24 * 390));
                bought.Add(Purchase(members[random.Next(members.Length)], random.Next(1, 900), at));
                return bought[^1];
            }
            var p = bought[random.Next(bought.Count)];
            return random.Next(3) == 0
                ? GroupWorld.Retracted(p)
                : GroupWorld.Returned(p, random.Next(1, 9), random.Next(2) == 0, now.AddMinutes(-random.Next(60)));
        }

        async Task Settle()
        {
            await fixture.Settle();
            await fixture.Clocks();
            await fixture.Settle();
        }
    }
}
