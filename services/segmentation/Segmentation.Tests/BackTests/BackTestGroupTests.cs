using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Tests.Groups;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.BackTests;

/// <summary>Customers who are one, who are forgotten, and facts that come late. A room of its own.</summary>
public class BackTestGroupTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task who_are_one_count_once_and_a_back_test_keeps_what_it_had_counted()
    {
        var now = fixture.Clock.GetUtcNow();
        Guid[] ids = [.. Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7()).Order()];
        // Each bought once, the even ones again in the period; four pairs will be one.
        var told = ids.Select((c, i) => Purchase(c, 10 + i, now.AddDays(-90 - i)))
            .Concat(ids.Where((_, i) => i % 2 == 0).Select(c => Purchase(c, 5, now.AddDays(-20))))
            .Append(Purchase(Guid.CreateVersion7(), 99, now.AddDays(-10)))
            .ToList();
        await fixture.Hear("customers", [.. told]);
        var alone = await Test(now);
        var (counted, behind) = (await fixture.Get($"back-tests/{alone}"), await Customers(alone));
        (counted.GetProperty("customers").GetInt32(), counted.GetProperty("new").GetInt32()).ShouldBe((40, 1));
        counted.GetProperty("revenueNext").GetDecimal().ShouldBe(100);

        // Of two pairs nobody bought in the period: who is read page by page must not end there.
        foreach (var (survivor, member) in new[] { (1, 0), (38, 39), (11, 3), (21, 31) })
            await fixture.Hear("customers", [.. GroupWorld.Linked(now, ids[survivor], ids[member])]);
        // A return in the period of an order from before it; then a purchase that became known late, and one that was none.
        await fixture.Hear(
            "customers",
            GroupWorld.Returned(told[5], 15, wholly: true, now.AddDays(-30)),
            Purchase(ids[7], 1000, now.AddDays(-15)),
            GroupWorld.Retracted(told[^1])
        );
        await fixture.Hear("customers", new Contracts.CustomerForgotten(ids[9], now));
        await fixture.Settle();
        var together = await Test(now);
        together.ShouldNotBe(alone);
        var after = await fixture.Get($"back-tests/{together}");
        // 40 less one for each group and the forgotten one; the return came after the cut.
        (after.GetProperty("customers").GetInt32(), after.GetProperty("new").GetInt32()).ShouldBe((35, 0));
        after.GetProperty("revenueNext").GetDecimal().ShouldBe(1100);
        var them = await Customers(together);
        them.Count.ShouldBe(35);
        var group = them.Single(c => c.GetProperty("customerId").GetGuid() == ids[1]);
        (group.GetProperty("orders").GetInt64(), group.GetProperty("revenue").GetDecimal()).ShouldBe((2, 21));
        (group.GetProperty("ordersNext").GetInt64(), group.GetProperty("revenueNext").GetDecimal()).ShouldBe((1, 5));

        (await fixture.Get($"back-tests/{alone}")).GetRawText().ShouldBe(counted.GetRawText());
        var still = (await Customers(alone)).ConvertAll(c => c.GetRawText());
        // Whoever was forgotten is shown no more, whenever they were counted.
        still.ShouldBe(behind.Where(c => c.GetProperty("customerId").GetGuid() != ids[9]).Select(c => c.GetRawText()));
    }

    async Task<Guid> Test(DateTimeOffset now)
    {
        var cut = DateOnly.FromDateTime(now.AddDays(-60).UtcDateTime);
        var answer = await fixture.Http("segmentation.run").PostAsJsonAsync("/api/segmentation/back-tests", new { cut, days = 55 });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<Changed>())!.Id;
    }

    /// <summary>By pages of two, so that what is read at once ends everywhere.</summary>
    async Task<List<JsonElement>> Customers(Guid id)
    {
        var all = new List<JsonElement>();
        for (var after = ""; after is not null; )
        {
            var page = await fixture.Get($"back-tests/{id}/customers?limit=2{after}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            after = page.GetProperty("next").GetString() is { } next ? "&after=" + next : null;
        }
        return all;
    }
}
