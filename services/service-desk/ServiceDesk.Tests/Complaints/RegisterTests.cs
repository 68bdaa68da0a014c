using System.Text.Json;
using CrmPlatform.ServiceDesk.Tests.Figures;
using CrmPlatform.ServiceDesk.Tests.Imports;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>Published complaints in the register. A room of its own.</summary>
public class RegisterTests(PatientDesk fixture) : IClassFixture<PatientDesk>
{
    /// <summary>The numbers were computed from the files by other programs.</summary>
    [Fact]
    public async Task the_register_counts_what_published_files_have()
    {
        var results = await fixture.Import(string.Join('\n', Incidents.AsTickets("complaint")), "application/x-ndjson");
        results.Where(r => !r.EndsWith(" recorded", StringComparison.Ordinal)).ShouldBeEmpty();
        await fixture.Imported("cfpb_349", row => row.Ticket("bureau", row.Received, Told(row)));

        const string Incident = "from=2016-01-01T00:00:00Z&until=2016-07-01T00:00:00Z";
        var incidents = (await fixture.Get($"figures/complaints?by=cause&{Incident}")).GetProperty("total");
        (N(incidents, "count"), N(incidents, "repeats")).ShouldBe((2_000, 286), "same caller, same category, within 90 days");
        (await Listed(Incident + "&repeats=true")).ShouldBe(286);

        const string Bureau = "from=2016-09-01T00:00:00Z&until=2018-01-01T00:00:00Z";
        var products = (await fixture.Get($"figures/complaints?by=category&{Bureau}")).GetProperty("groups");
        products
            .EnumerateArray()
            .Take(6)
            .Select(g => (g.GetProperty("key").GetString(), N(g, "count")))
            .ShouldBe([
                ("credit-reporting", 136),
                ("debt-collection", 105),
                ("credit-card", 37),
                ("mortgage", 26),
                ("bank-account-or-service", 21),
                ("consumer-loan", 15),
            ]);
        const string Top = "incorrect-information-on-credit-report";
        (await Listed($"{Bureau}&category=credit-reporting&cause={Top}")).ShouldBe(94);
        var causes = (await fixture.Get($"figures/complaints?{Bureau}")).GetProperty("groups");
        (causes[0].GetProperty("key").GetString(), N(causes[0], "count")).ShouldBe((Top, 94));
        var areas = (await fixture.Get($"figures/complaints?by=area&{Bureau}"))
            .GetProperty("groups")
            .EnumerateArray()
            .ShouldHaveSingleItem();
        (areas.GetProperty("key").ValueKind, N(areas, "count")).ShouldBe((JsonValueKind.Null, 349), "the settings name none of these");

        static object Told(Cfpb.Row row) =>
            new
            {
                @event = "resolved",
                occurredAt = row.Received,
                outcome = "told",
                cause = Cfpb.Code(row.Issue),
            };

        static long N(JsonElement of, string name) => of.GetProperty(name).GetInt64();
    }

    async Task<int> Listed(string question)
    {
        var (found, after) = (new HashSet<string>(), "");
        do
        {
            var page = await fixture.Get($"complaints?{question}&limit=200{after}");
            foreach (var row in page.GetProperty("items").EnumerateArray())
                found.Add(row.GetProperty("ticketId").GetString()!).ShouldBeTrue("pages do not overlap");
            after = page.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.String ? "&after=" + next.GetString() : "";
        } while (after != "");
        return found.Count;
    }
}
