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
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string> { ["Business:TimeZone"] = "America/New_York", ["Business:Currency"] = "USD" };
    }

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
    public async Task totals_equal_a_plain_computation()
    {
        var http = shop.Http(CustomersFixture.Everything);
        (await Import(http, "customers", Rows("customers.ndjson.gz"))).Count.ShouldBe(2_377);
        var baskets = Rows("purchases.ndjson.gz").ToList();
        var net = baskets.Sum(b => b["lines"]!.AsArray().Sum(l => l!["net"]!.GetValue<decimal>()));
        (await Import(http, "purchases", baskets)).Count.ShouldBe(47_243);
        await shop.CatchUp();

        var summary = await CustomersFixture.Json(await http.GetAsync("/api/customers/summary"));
        summary.GetProperty("customers").GetInt64().ShouldBe(2_377);
        summary.GetProperty("purchases").GetInt64().ShouldBe(47_243);
        summary.GetProperty("netRevenue")[0].GetProperty("amount").GetDecimal().ShouldBe(net);
    }

    static async Task<List<Guid>> Import(HttpClient http, string kind, IEnumerable<JsonObject> rows)
    {
        var ids = new List<Guid>();
        foreach (var (chunk, n) in rows.Chunk(5_000).Select((chunk, n) => (chunk, n)))
        {
            foreach (var row in chunk)
                if (row["occurredAt"] is not null)
                    row["occurredAt"] = Instant(row).ToString("O");
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
}
