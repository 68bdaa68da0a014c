using System.Text.Json;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.Definitions;

/// <summary>
/// The orders of the R package rfm by several definitions: against the figures of an independent script, and against a plain computation.
/// </summary>
public sealed class RfmPackageTests(RfmShop shop) : IClassFixture<RfmShop>
{
    [Fact]
    public async Task the_built_in_definition_gives_the_published_counts()
    {
        var (run, scores) = await shop.Measure(new { asOf = RfmOrders.AsOf });
        run.GetProperty("customers").GetInt32().ShouldBe(995);
        RfmShop.Counted(scores, "recency").ShouldBe("1:200 2:198 3:202 4:199 5:196");
        RfmShop.Counted(scores, "frequency").ShouldBe("1:268 2:187 3:176 4:244 5:120");
        RfmShop.Counted(scores, "monetary").ShouldBe("1:199 2:201 3:197 4:203 5:195");
        RfmShop
            .Counted(scores, "segment")
            .ShouldBe(
                "About To Sleep:87 At Risk:140 Can't Lose Them:21 Champions:113 Hibernating:91 Lost:146 Loyal:117 "
                    + "Need Attention:49 New:31 Potential Loyalist:163 Promising:37"
            );
        RfmShop
            .Counted(scores, "chineseType")
            .ShouldBe("一般价值:102 一般保持:39 一般发展:185 一般挽留:222 重要价值:274 重要保持:125 重要发展:20 重要挽留:28");
        RfmShop.Counted(scores, "grade").ShouldBe("A:607 B:228 C:160");
        decimal[] indices = [.. scores.Select(s => s.GetProperty("index").GetDecimal())];
        indices.Average().ShouldBe(2.9232m, .00005m);
        indices.Count(i => i >= 4).ShouldBe(222);
    }

    [Fact]
    public async Task a_window_counts_its_days_alone()
    {
        await shop.Publish("year", new { name = "One year", windowDays = 365 });
        var (run, scores) = await shop.Measure(new { asOf = RfmOrders.AsOf, definition = "year" });
        run.GetProperty("publishes").GetBoolean().ShouldBeFalse();
        var from = RfmOrders.AsOf.AddDays(-364);
        Check(scores, [.. RfmOrders.All.Where(o => o.Day >= from)], orders => orders.Count());
    }

    [Fact]
    public async Task frequency_may_count_days()
    {
        await shop.Publish("days", new { name = "Days", frequency = "days" });
        var (_, scores) = await shop.Measure(new { asOf = RfmOrders.AsOf, definition = "days" });
        Check(scores, RfmOrders.All, orders => orders.Select(o => o.Day).Distinct().Count());
        RfmOrders.All.Distinct().Count().ShouldBe(RfmOrders.All.Count, "otherwise days and orders would differ in nothing");
    }

    [Fact]
    public async Task grades_by_variation_add_up_to_everybody()
    {
        var (run, scores) = await shop.Measure(new { asOf = RfmOrders.AsOf });
        foreach (var customer in RfmOrders.All.GroupBy(o => o.Customer).Take(400))
        {
            var first = customer.Min(o => o.Day);
            List<double> months = [];
            for (var month = new DateOnly(2006, 1, 1); month.Year == 2006; month = month.AddMonths(1))
                if (month.AddMonths(1) > first)
                    months.Add(customer.Where(o => (o.Day.Year, o.Day.Month) == (2006, month.Month)).Sum(o => o.Net));
            double? expected = null;
            if (months.Count >= 6 && months.Sum() > 0)
                expected = Math.Sqrt(months.Average(m => m * m) - months.Average() * months.Average()) / months.Average();
            var score = scores.Single(s => s.GetProperty("customerId").GetGuid() == customer.Key);
            if (expected is null)
                score.GetProperty("variation").ValueKind.ShouldBe(JsonValueKind.Null);
            else
                score.GetProperty("variation").GetDouble().ShouldBe(expected.Value, .0001);
        }
        var cells = (await shop.Get($"runs/{run.GetProperty("id").GetGuid()}/abc-xyz")).EnumerateArray().ToList();
        foreach (var cell in cells)
            cell.GetProperty("customers")
                .GetInt32()
                .ShouldBe(
                    scores.Count(s =>
                        s.GetProperty("grade").GetString() == cell.GetProperty("grade").GetString()
                        && s.GetProperty("xyz").GetString() == cell.GetProperty("xyz").GetString()
                    )
                );
        cells.Sum(c => c.GetProperty("customers").GetInt32()).ShouldBe(995);
        cells.Sum(c => c.GetProperty("revenue").GetDecimal()).ShouldBe(464_158);
    }

    /// <summary>Scores as fifths of a population, counted one by one.</summary>
    static void Check(
        List<JsonElement> scores,
        IReadOnlyList<(Guid Customer, DateOnly Day, long Net)> orders,
        Func<IEnumerable<(Guid, DateOnly Day, long)>, int> frequency
    )
    {
        var people = orders
            .GroupBy(o => o.Customer)
            .Select(c => (Id: c.Key, Last: c.Max(o => o.Day), F: frequency(c), M: c.Sum(o => o.Net)))
            .ToList();
        scores.Count.ShouldBe(people.Count);
        foreach (var p in people)
            RfmShop
                .Points(scores.Single(s => s.GetProperty("customerId").GetGuid() == p.Id))
                .ShouldBe((Fifth(o => o.Last < p.Last), Fifth(o => o.F < p.F), Fifth(o => o.M < p.M)));

        int Fifth(Func<(Guid, DateOnly Last, int F, long M), bool> worse) => 1 + 5 * people.Count(worse) / people.Count;
    }
}
