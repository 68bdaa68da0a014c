using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmPlatform.Testing;

namespace CrmPlatform.Customers.Tests;

/// <summary>The sample shop through the import endpoints, against a plain computation straight from the files.</summary>
public sealed class SampleShopTests(SampleShopTests.Shop shop) : IClassFixture<SampleShopTests.Shop>
{
    public sealed class Shop : ServiceFixture<Program>
    {
        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Business:TimeZone"] = "America/New_York", ["Business:Currency"] = "USD" };
    }

    sealed record Basket(string Household, DateTimeOffset At, decimal Net, List<(string Category, decimal Net)> Lines);

    static IEnumerable<JsonObject> Rows(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(TestServers.Root, "samples", file)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>The file's times are the shop's own: New York, in 2017.</summary>
    static DateTimeOffset Instant(JsonNode row)
    {
        var local = DateTime.Parse(row["occurredAt"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        return new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById("America/New_York").GetUtcOffset(local)).ToUniversalTime();
    }

    [Fact]
    public async Task live_portraits_and_those_as_of_a_past_day_equal_a_plain_computation_and_a_rebuild_changes_none()
    {
        var http = shop.Http(CustomersFixture.Everything);
        var ids = await Import(http, "customers", Rows("customers.ndjson.gz"));
        var baskets = Rows("purchases.ndjson.gz").ToList();
        var all = baskets.Select(b => new Basket(b["customer"]!["value"]!.GetValue<string>(), Instant(b), b["lines"]!.AsArray().Sum(l => l!["net"]!.GetValue<decimal>()),
            [.. b["lines"]!.AsArray().Select(l => (l!["category"]?.GetValue<string>() ?? "–", l["net"]!.GetValue<decimal>()))])).ToList();
        (await Import(http, "purchases", baskets)).Count.ShouldBe(47_243);
        await shop.CatchUp();

        var summary = await CustomersFixture.Json(await http.GetAsync("/api/customers/summary"));
        summary.GetProperty("customers").GetInt64().ShouldBe(2_377);
        summary.GetProperty("purchases").GetInt64().ShouldBe(47_243);
        summary.GetProperty("netRevenue")[0].GetProperty("amount").GetDecimal().ShouldBe(all.Sum(b => b.Net));

        var households = Rows("customers.ndjson.gz").Select(r => r["externalIds"]![0]!["value"]!.GetValue<string>()).Zip(ids).ToDictionary(p => p.First, p => p.Second);
        var endOfJune = new DateTimeOffset(2017, 7, 1, 4, 0, 0, TimeSpan.Zero);
        foreach (var (household, id) in households.Where((_, n) => n % 20 == 0))
        {
            var own = all.Where(b => b.Household == household).ToList();
            await Compare(http, $"/api/customers/{id}/portrait", own);
            await Compare(http, $"/api/customers/{id}/portrait?asOf=2017-06-30", [.. own.Where(b => b.At < endOfJune)]);
        }

        var live = await States();
        await shop.Daemon.Rebuild("portraits-2");
        (await States()).ShouldBe(live);
    }

    static async Task Compare(HttpClient http, string address, List<Basket> own)
    {
        if (own.Count == 0 && (await http.GetAsync(address)).StatusCode == System.Net.HttpStatusCode.NotFound) return;   // not registered yet by then
        var behaviour = (await CustomersFixture.Json(await http.GetAsync(address))).GetProperty("behaviour");
        T? Value<T>(string name, Func<JsonElement, T> read) where T : struct => behaviour.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? read(part.GetProperty("value")) : null;
        if (own.Count == 0)
        {
            Value("purchases", v => v.GetInt32()).ShouldBeNull(address);
            return;
        }
        Value("purchases", v => v.GetInt32()).ShouldBe(own.Count, address);
        Value("netRevenue", v => v.GetDecimal()).ShouldBe(own.Sum(b => b.Net), address);
        Value("firstPurchase", v => v.GetDateTimeOffset()).ShouldBe(own.Min(b => b.At), address);
        Value("lastPurchase", v => v.GetDateTimeOffset()).ShouldBe(own.Max(b => b.At), address);
        behaviour.GetProperty("categories").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("value").GetDecimal()).OrderBy(c => c.Key, StringComparer.Ordinal)
            .ShouldBe(own.SelectMany(b => b.Lines).GroupBy(l => l.Category).ToDictionary(g => g.Key, g => g.Sum(l => l.Net)).OrderBy(c => c.Key, StringComparer.Ordinal), address);
    }

    static async Task<List<Guid>> Import(HttpClient http, string kind, IEnumerable<JsonObject> rows)
    {
        var ids = new List<Guid>();
        foreach (var (chunk, n) in rows.Chunk(5_000).Select((chunk, n) => (chunk, n)))
        {
            foreach (var row in chunk)
                if (row["occurredAt"] is not null) row["occurredAt"] = Instant(row).ToString("O");
            var body = new StringContent(string.Join('\n', chunk.Select(r => r.ToJsonString())), Encoding.UTF8, "application/x-ndjson");
            var answer = await (await http.PostAsync($"/api/customers/imports/sample-{n}/{kind}", body)).Content.ReadAsStringAsync();
            foreach (var line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var result = JsonSerializer.Deserialize<JsonElement>(line);
                result.GetProperty("status").GetString().ShouldBe("recorded", line);
                ids.Add(result.GetProperty("id").GetGuid());
            }
        }
        return ids;
    }

    async Task<string> States()
    {
        await using var command = shop.Db.CreateCommand("select md5(string_agg(customer_id::text || convert_from(state, 'UTF8'), E'\n' order by customer_id)) from portrait");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
