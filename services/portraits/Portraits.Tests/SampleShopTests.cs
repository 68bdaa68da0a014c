using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Portraits.Tests;

/// <summary>The sample shop's customers and purchases, against a plain computation straight from the files.</summary>
public sealed class SampleShopTests(PortraitsFixture room) : IClassFixture<PortraitsFixture>
{
    sealed record Basket(string Household, DateTimeOffset At, decimal Net, List<(string Category, decimal Net)> Lines);

    static IEnumerable<JsonObject> Rows(string file)
    {
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(Path.Combine(TestServers.Root, "samples", file)), CompressionMode.Decompress)
        );
        while (reader.ReadLine() is { } line)
            yield return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>The file's times are the shop's own: New York, in 2017.</summary>
    static DateTimeOffset Instant(JsonNode row)
    {
        var local = DateTime.Parse(row["occurredAt"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        return new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById("America/New_York").GetUtcOffset(local)).ToUniversalTime();
    }

    [Fact]
    public async Task portraits_now_and_as_of_a_past_day_equal_a_plain_computation()
    {
        var households = Rows("customers.ndjson.gz")
            .ToDictionary(r => r["externalIds"]![0]!["value"]!.GetValue<string>(), _ => Guid.CreateVersion7());
        var all = Rows("purchases.ndjson.gz")
            .Select(b => new Basket(
                b["customer"]!["value"]!.GetValue<string>(),
                Instant(b),
                b["lines"]!.AsArray().Sum(l => l!["net"]!.GetValue<decimal>()),
                [.. b["lines"]!.AsArray().Select(l => (l!["category"]?.GetValue<string>() ?? "–", l["net"]!.GetValue<decimal>()))]
            ))
            .ToList();
        all.Count.ShouldBe(47_243);
        var hearing = room.Services.GetRequiredService<IPacketHandler>();
        var facts = households
            .Values.Select(id =>
                (object)new Contracts.CustomerRegistered(id, "individual", "shop", PortraitsFixture.At("2017-01-01T00:00:00Z"))
            )
            .Concat(
                all.Select(b => new Contracts.PurchaseRecorded(
                    households[b.Household],
                    Guid.CreateVersion7(),
                    "shop",
                    "n",
                    "store",
                    "USD",
                    b.Net,
                    "USD",
                    b.Net,
                    1,
                    [.. b.Lines.Select(l => new Contracts.PurchaseLine("p", l.Category == "–" ? null : l.Category, 1, l.Net))],
                    b.At
                ))
            );
        foreach (var packet in facts.Select(fact => PortraitsFixture.AsFact("customers", fact)).Chunk(200))
            await hearing.Handle(packet, null, default);

        var endOfJune = new DateTimeOffset(2017, 7, 1, 4, 0, 0, TimeSpan.Zero);
        foreach (var (household, id) in households.Where((_, n) => n % 20 == 0))
        {
            var own = all.Where(b => b.Household == household).ToList();
            Compare(await room.Portrait(id), own);
            Compare(await room.Portrait(id, "?asOf=2017-06-30"), [.. own.Where(b => b.At < endOfJune)]);
        }
    }

    static void Compare(JsonElement portrait, List<Basket> own)
    {
        var behaviour = portrait.GetProperty("behaviour");
        T? Value<T>(string name, Func<JsonElement, T> read)
            where T : struct =>
            behaviour.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? read(part.GetProperty("value")) : null;
        if (own.Count == 0)
        {
            Value("purchases", v => v.GetInt32()).ShouldBeNull();
            return;
        }
        Value("purchases", v => v.GetInt32()).ShouldBe(own.Count);
        Value("netRevenue", v => v.GetDecimal()).ShouldBe(own.Sum(b => b.Net));
        Value("firstPurchase", v => v.GetDateTimeOffset()).ShouldBe(own.Min(b => b.At));
        Value("lastPurchase", v => v.GetDateTimeOffset()).ShouldBe(own.Max(b => b.At));
        behaviour
            .GetProperty("categories")
            .EnumerateArray()
            .ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("value").GetDecimal())
            .OrderBy(c => c.Key, StringComparer.Ordinal)
            .ShouldBe(
                own.SelectMany(b => b.Lines)
                    .GroupBy(l => l.Category)
                    .ToDictionary(g => g.Key, g => g.Sum(l => l.Net))
                    .OrderBy(c => c.Key, StringComparer.Ordinal)
            );
    }
}
