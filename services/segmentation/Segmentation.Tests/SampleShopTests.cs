using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit.Abstractions;

namespace CrmPlatform.Segmentation.Tests;

/// <summary>The sample shop's 47,243 baskets through the broker, against a plain computation straight from the file.</summary>
public class SampleShopTests(SegmentationFixture fixture, ITestOutputHelper output) : IClassFixture<SegmentationFixture>
{
    static readonly TimeZoneInfo newYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    sealed record Basket(Guid Customer, Guid Id, DateTime LocalTime, decimal Net);

    static List<Basket> Read()
    {
        var baskets = new List<Basket>();
        using var file = new StreamReader(
            new GZipStream(File.OpenRead(Path.Combine(TestServers.Root, "samples", "purchases.ndjson.gz")), CompressionMode.Decompress)
        );
        while (file.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            var basket = row.RootElement;
            baskets.Add(
                new(
                    NameId.For("household", basket.GetProperty("customer").GetProperty("value").GetString()!),
                    NameId.For("basket", basket.GetProperty("orderNumber").GetString()!),
                    DateTime.Parse(basket.GetProperty("occurredAt").GetString()!, CultureInfo.InvariantCulture),
                    basket.GetProperty("lines").EnumerateArray().Sum(l => l.GetProperty("net").GetDecimal())
                )
            );
        }
        return baskets;
    }

    [Fact]
    public async Task scores_and_grades_equal_a_plain_computation()
    {
        var baskets = Read();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(
            baskets
                .Select(Fact)
                .GroupBy(f => Partition.Of(f.Subject))
                .Select(async partition =>
                {
                    foreach (var packet in partition.Chunk(200))
                        await fixture.Hear(packet);
                })
        );
        var consumed = clock.Elapsed;
        await fixture.CatchUp();
        output.WriteLine(
            $"{baskets.Count} purchases consumed in {consumed.TotalSeconds:F1} s, all caught up after {clock.Elapsed.TotalSeconds:F1} s"
        );

        await Compare(baskets, new DateOnly(2017, 12, 31), customers: 2377);
        await Compare(baskets, new DateOnly(2017, 6, 30), customers: null);
    }

    async Task Compare(List<Basket> all, DateOnly asOf, int? customers)
    {
        var people = all.Where(b => DateOnly.FromDateTime(b.LocalTime) <= asOf)
            .GroupBy(b => b.Customer)
            .Select(c =>
                (
                    Id: c.Key,
                    Days: asOf.DayNumber - c.Max(b => DateOnly.FromDateTime(b.LocalTime).DayNumber),
                    Orders: c.Count(),
                    Revenue: c.Sum(b => b.Net)
                )
            )
            .ToList();
        if (customers is not null)
            people.Count.ShouldBe(customers.Value);
        var (total, before, ranked) = (people.Sum(p => p.Revenue), 0m, new Dictionary<Guid, string>());
        foreach (var equals in people.GroupBy(p => p.Revenue).OrderByDescending(g => g.Key))
        {
            foreach (var p in equals)
                ranked[p.Id] =
                    p.Revenue <= 0 ? "C"
                    : before / total < 0.80m ? "A"
                    : before / total < 0.95m ? "B"
                    : "C";
            before += equals.Sum(p => p.Revenue);
        }

        var client = fixture.Http("segmentation.read", "segmentation.run");
        client.Timeout = TimeSpan.FromMinutes(2);
        var timer = Stopwatch.StartNew();
        var run = (
            await (await client.PostAsJsonAsync("/api/segmentation/runs", new { asOf }))
                .EnsureSuccessStatusCode()
                .Content.ReadFromJsonAsync<Changed>()
        )!.Id;
        output.WriteLine($"run as of {asOf:O}: {timer.Elapsed.TotalSeconds:F1} s");
        var scores = new Dictionary<Guid, JsonElement>();
        for (string? after = ""; after is not null; )
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/segmentation/runs/{run}/scores?limit=200{after}");
            foreach (var score in page.GetProperty("items").EnumerateArray())
                scores.Add(score.GetProperty("customerId").GetGuid(), score);
            after =
                page.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.String ? "&after=" + next.GetString() : null;
        }

        scores.Count.ShouldBe(people.Count);
        foreach (var p in people)
        {
            var score = scores[p.Id];
            score.GetProperty("recency").GetInt32().ShouldBe(1 + (5 * people.Count(o => o.Days > p.Days) / people.Count));
            score.GetProperty("frequency").GetInt32().ShouldBe(1 + (5 * people.Count(o => o.Orders < p.Orders) / people.Count));
            score.GetProperty("monetary").GetInt32().ShouldBe(1 + (5 * people.Count(o => o.Revenue < p.Revenue) / people.Count));
            score.GetProperty("grade").GetString().ShouldBe(ranked[p.Id]);
            score.GetProperty("revenue").GetDecimal().ShouldBe(p.Revenue);
        }
        var type = (decimal days, decimal orders, decimal revenue) =>
            (revenue >= people.Average(p => p.Revenue) ? "重要" : "一般")
            + (
                orders >= (decimal)people.Average(p => p.Orders) ? (days <= (decimal)people.Average(p => p.Days) ? "价值" : "保持")
                : days <= (decimal)people.Average(p => p.Days) ? "发展"
                : "挽留"
            );
        foreach (var p in people.Take(300))
            scores[p.Id].GetProperty("chineseType").GetString().ShouldBe(type(p.Days, p.Orders, p.Revenue));
        if (customers is null)
            return;

        // What everybody was told is what the run says, and the summary adds up.
        await fixture.CatchUp();
        var summary = await client.GetFromJsonAsync<JsonElement>("/api/segmentation/summary");
        foreach (var segment in summary.GetProperty("rfmSegments").EnumerateObject())
            segment.Value.GetInt64().ShouldBe(scores.Values.Count(s => s.GetProperty("segment").GetString() == segment.Name), segment.Name);
        foreach (var grade in summary.GetProperty("abc").EnumerateObject())
            grade.Value.GetInt64().ShouldBe(ranked.Values.Count(g => g == grade.Name));
        summary.GetProperty("lifecycle").EnumerateObject().Sum(s => s.Value.GetInt64()).ShouldBe(people.Count);
        summary.GetProperty("lifecycleDue").GetInt64().ShouldBe(0, "a run as of today settles the lifecycle first");
        output.WriteLine(summary.ToString());
    }

    static Fact Fact(Basket basket)
    {
        var local = newYork.IsInvalidTime(basket.LocalTime) ? basket.LocalTime.AddHours(1) : basket.LocalTime;
        var at = new DateTimeOffset(local, newYork.GetUtcOffset(local)).ToUniversalTime();
        return SegmentationFixture.AsFact(
            "customers",
            new Contracts.PurchaseRecorded(
                basket.Customer,
                basket.Id,
                "completejourney",
                "1",
                "store",
                "USD",
                basket.Net,
                "USD",
                basket.Net,
                1,
                [],
                at
            )
        );
    }
}
