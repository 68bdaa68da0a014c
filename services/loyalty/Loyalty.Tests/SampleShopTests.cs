using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Xunit.Abstractions;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>The sample shop's 47,243 baskets through the broker, against a plain computation straight from the file.</summary>
public class SampleShopTests(LoyaltyRoom room, ITestOutputHelper output) : IClassFixture<LoyaltyRoom>
{
    sealed record Basket(Guid Customer, string Number, DateTimeOffset At, decimal Net);

    static IEnumerable<Basket> Read()
    {
        // By whole weeks, so that the last day lies in the past seven: points live 24 months.
        var weeks = (int)(LoyaltyRoom.Now - new DateTimeOffset(2018, 1, 1, 5, 0, 0, TimeSpan.Zero)).TotalDays / 7;
        using var file = new StreamReader(
            new GZipStream(File.OpenRead(Path.Combine(TestServers.Root, "samples", "purchases.ndjson.gz")), CompressionMode.Decompress)
        );
        while (file.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            var basket = row.RootElement;
            var local = DateTime.Parse(basket.GetProperty("occurredAt").GetString()!, CultureInfo.InvariantCulture);
            yield return new(
                NameId.For("household", basket.GetProperty("customer").GetProperty("value").GetString()!),
                basket.GetProperty("orderNumber").GetString()!,
                new DateTimeOffset(local, TimeSpan.FromHours(-5)).ToUniversalTime().AddDays(7 * weeks),
                basket.GetProperty("lines").EnumerateArray().Sum(l => l.GetProperty("net").GetDecimal())
            );
        }
    }

    [Fact]
    public async Task points_and_tiers_equal_a_plain_computation()
    {
        var baskets = Read().ToList();
        var facts = baskets
            .Select(b =>
                LoyaltyRoom.AsFact(
                    "customers",
                    new Contracts.PurchaseRecorded(
                        b.Customer,
                        NameId.For("basket", b.Number),
                        "completejourney",
                        b.Number,
                        "store",
                        "USD",
                        b.Net,
                        "USD",
                        b.Net,
                        1,
                        [],
                        b.At
                    )
                )
            )
            .ToList();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(
            facts
                .GroupBy(f => Partition.Of(f.Subject))
                .Select(async partition =>
                {
                    foreach (var packet in partition.Chunk(200))
                        await room.Hear(packet);
                })
        );
        var consumed = clock.Elapsed;
        await room.CatchUp();
        output.WriteLine(
            $"{baskets.Count} purchases consumed in {consumed.TotalSeconds:F1} s ({baskets.Count / consumed.TotalSeconds:F0}/s), "
                + $"everything caught up after {clock.Elapsed.TotalSeconds:F1} s"
        );

        var expected = baskets.GroupBy(b => b.Customer).ToDictionary(c => c.Key, c => c.Sum(b => (long)decimal.Floor(b.Net)));
        var tiers = expected
            .Values.CountBy(p =>
                p < 500 ? "Bronze"
                : p < 2000 ? "Silver"
                : p < 5000 ? "Gold"
                : "Platinum"
            )
            .ToDictionary();
        expected.Count.ShouldBe(2377);

        var summary = await room.Get("summary");
        summary.GetProperty("accounts").GetInt64().ShouldBe(2377);
        summary.GetProperty("pointsEarned").GetInt64().ShouldBe(expected.Values.Sum());
        summary.GetProperty("balance").GetInt64().ShouldBe(expected.Values.Sum());
        foreach (var tier in summary.GetProperty("tiers").EnumerateObject())
            tier.Value.GetInt64().ShouldBe(tiers.GetValueOrDefault(tier.Name), tier.Name);

        var shown = new Dictionary<Guid, long>();
        for (var after = ""; after is not null; )
        {
            var page = await room.Get($"accounts?limit=200{after}");
            foreach (var account in page.GetProperty("items").EnumerateArray())
                shown.Add(account.GetProperty("customerId").GetGuid(), account.GetProperty("balance").GetInt64());
            after = page.GetProperty("next").ValueKind == JsonValueKind.String ? "&after=" + page.GetProperty("next").GetString() : null;
        }
        shown.OrderBy(c => c.Key).ShouldBe(expected.OrderBy(c => c.Key));
        output.WriteLine(summary.ToString());

        clock.Restart();
        var numbers = (await room.Get("measures"))
            .GetProperty("measures")
            .EnumerateArray()
            .ToDictionary(
                m => m.GetProperty("id").GetString()!,
                m => (m.GetProperty("numerator").GetDecimal(), m.GetProperty("denominator"))
            );
        output.WriteLine($"all measures in {clock.ElapsedMilliseconds} ms");
        var bought = baskets
            .Where(b => b.Net > 0)
            .GroupBy(b => b.Customer)
            .Select(c => c.OrderBy(b => b.At).Select(b => b.Net).ToList())
            .ToList();
        (numbers["repeat-rate"].Item1, numbers["repeat-rate"].Item2.GetDecimal()).ShouldBe((bought.Count(c => c.Count > 1), bought.Count));
        (numbers["purchase-value"].Item1, numbers["purchase-value"].Item2.GetDecimal()).ShouldBe(
            (bought.Sum(c => c.Sum()), bought.Sum(c => c.Count))
        );
        (numbers["liability"].Item1, numbers["active-members"].Item2.GetDecimal(), numbers["breakage"].Item2.GetDecimal()).ShouldBe(
            (expected.Values.Sum(), 2377, expected.Values.Sum())
        );
        foreach (var by in new[] { "age", "cohort", "tier", "expiry" })
            (await room.Get($"measures/liability?by={by}"))
                .GetProperty("rows")
                .EnumerateArray()
                .Sum(r => r.GetProperty("points").GetInt64())
                .ShouldBe(expected.Values.Sum(), by);
    }
}
