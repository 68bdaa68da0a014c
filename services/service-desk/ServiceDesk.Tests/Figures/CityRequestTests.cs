using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using CrmPlatform.ServiceDesk.Tests.Imports;

namespace CrmPlatform.ServiceDesk.Tests.Figures;

/// <summary>Requests to a city, by what they are about. A room of its own, which is always open and promises a solution in 24 h.</summary>
public partial class CityRequestTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    /// <summary>The numbers were computed from the file by another program.</summary>
    [Theory]
    [InlineData("noise-residential", 314, 118, 307)]
    [InlineData("blocked-driveway", 128, 185, 121)]
    [InlineData("heat-hot-water", 109, 2_684, 20)]
    [InlineData("illegal-parking", 89, 303, 82)]
    public async Task figures_of_a_category_are_those_of_its_rows(string category, int opened, int medianMinutes, int within24Hours)
    {
        await fixture.Import(string.Join('\n', Requests()), "application/x-ndjson");
        const string Period = "from=2019-12-01T00:00:00Z&until=2020-02-01T00:00:00Z";
        var figures = await fixture.Get($"figures?{Period}&category={category}");
        figures.GetProperty("opened").GetInt32().ShouldBe(opened);
        var solution = figures.GetProperty("resolution");
        (solution.GetProperty("medianMinutes").GetInt32(), solution.GetProperty("met").GetInt32()).ShouldBe((medianMinutes, within24Hours));
        solution.GetProperty("missed").GetInt32().ShouldBe(opened - within24Hours);
        var behind = await fixture.Get($"figures/tickets?{Period}&category={category}&figure=met&promise=resolution&limit=200");
        behind.GetProperty("items").GetArrayLength().ShouldBe(Math.Min(200, within24Hours));
        var all = await fixture.Get("figures?" + Period);
        (all.GetProperty("opened").GetInt32(), all.GetProperty("solved").GetInt32()).ShouldBe((1_000, 998));
    }

    static IEnumerable<string> Requests()
    {
        var path = Path.Combine(TestServers.Root, "services/service-desk/ServiceDesk.Tests/data/nyc311.tsv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var c = line.Split('\t');
            yield return JsonSerializer.Serialize(
                new
                {
                    source = "nyc311",
                    reference = c[0],
                    customerId = NameId.For("nyc311", c[0]),
                    kind = "request",
                    category = NoCode().Replace(c[3].ToLowerInvariant(), "-").Trim('-'),
                    channel = "phone",
                    subject = c[3],
                    occurredAt = Time(c[1]),
                    history = c[2] == ""
                        ? []
                        : new object[]
                        {
                            new
                            {
                                @event = "resolved",
                                occurredAt = Time(c[2]),
                                outcome = "closed",
                            },
                        },
                }
            );
        }

        // All by one offset: hours between them are what counts.
        static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text + "Z", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoCode();
}
