using System.Globalization;
using System.IO.Compression;
using System.Text;
using CrmPlatform.Testing;
using Microsoft.VisualBasic.FileIO;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>How complete the 801 households of completejourney are (A7.3). The expected share is counted from the file.</summary>
public sealed class CompleteJourneyTests(QualityFixture room) : IClassFixture<QualityFixture>
{
    [Fact]
    public async Task of_five_fields_of_801_households_9076_of_10000_are_filled()
    {
        var households = Households();
        households.Count.ShouldBe(801);
        Filled("home_ownership").ShouldBe(568);
        Filled("marital_status").ShouldBe(664);
        string[] fields = ["age-band", "income-band", "household-size", "marital-status", "preferences"];
        await room.Publish([.. fields.Select(f => (object)new { id = $"{f}-missing", weight = 1 })]);
        var rows = households.Select(h =>
            System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    kind = "individual",
                    source = "completejourney",
                    externalIds = new[] { new { system = "completejourney", value = h["household_id"] } },
                    profile = new
                    {
                        ageBand = h["age"],
                        incomeBand = h["income"],
                        householdSize = int.Parse(h["household_size"]!.TrimEnd('+'), CultureInfo.InvariantCulture),
                        maritalStatus = h["marital_status"],
                        // No field of a profile, so it is kept as a preference: the only one that they have.
                        preferences = h["home_ownership"] is { } home ? new Dictionary<string, string> { ["home"] = home } : null,
                    },
                }
            )
        );
        var body = new StringContent(string.Join('\n', rows), Encoding.UTF8, "application/x-ndjson");
        var answer = await (await room.All().PostAsync("/api/customers/imports/journey/customers", body)).Content.ReadAsStringAsync();
        answer.Split("\"recorded\"").Length.ShouldBe(802, answer[..Math.Min(answer.Length, 400)]);
        await room.CatchUp();
        var source = (await room.Get("quality/summary"))
            .GetProperty("sources")
            .EnumerateArray()
            .Single(s => s.GetProperty("source").GetString() == "completejourney");
        (source.GetProperty("customers").GetInt64(), source.GetProperty("completeness").GetDouble()).ShouldBe((801, 0.9076));
        var counts = (await room.Get("quality/summary")).GetProperty("findings").EnumerateArray();
        counts
            .Select(f => (f.GetProperty("rule").GetString()!, f.GetProperty("open").GetInt64()))
            .ShouldBe([
                ("age-band-missing", 0),
                ("income-band-missing", 0),
                ("household-size-missing", 0),
                ("marital-status-missing", 801 - 664),
                ("preferences-missing", 801 - 568),
            ]);

        int Filled(string column) => households.Count(h => h[column] is not null);
    }

    static List<Dictionary<string, string?>> Households()
    {
        var path = Path.Combine(TestServers.Root, "services/customers/Customers.Tests/data/completejourney-demographics.csv.gz");
        using var parser = new TextFieldParser(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        parser.SetDelimiters(",");
        var header = parser.ReadFields()!;
        var rows = new List<Dictionary<string, string?>>();
        while (parser.ReadFields() is { } cells)
            rows.Add(header.Zip(cells).ToDictionary(c => c.First, c => c.Second.Length == 0 ? null : c.Second));
        return rows;
    }
}
