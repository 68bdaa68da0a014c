using System.Text.Json;
using CrmPlatform.ServiceDesk.Tests.Imports;

namespace CrmPlatform.ServiceDesk.Tests.Figures;

/// <summary>A desk that takes tickets back for ten years, as the log of incidents has it.</summary>
public class PatientDesk : DeskFixture
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        base.Settings.Append(new("ServiceDesk:ReopenDays", "3650")).ToDictionary();
}

public class IncidentTests(PatientDesk fixture) : IClassFixture<PatientDesk>
{
    const string Period = "from=2016-01-01T00:00:00Z&until=2017-01-01T00:00:00Z";

    /// <summary>The numbers were computed from the log by another program.</summary>
    [Fact]
    public async Task figures_of_a_published_log_are_those_of_its_rows()
    {
        var results = await fixture.Import(string.Join('\n', Incidents.AsTickets()), "application/x-ndjson");
        results.Where(r => !r.EndsWith(" recorded", StringComparison.Ordinal)).ShouldBeEmpty();
        results.Count.ShouldBe(2_000);

        var figures = await fixture.Get("figures?" + Period);
        long Number(string name) => figures.GetProperty(name).GetInt64();
        (Number("opened"), Number("solved"), Number("reopened")).ShouldBe((2_000, 2_000, 27));
        (Number("firstContact"), figures.GetProperty("firstContactRate").GetDecimal()).ShouldBe((1_007, .5035m));
        figures.GetProperty("reopenRate").GetDecimal().ShouldBe(.0135m);
        var hours = figures.GetProperty("hours");
        decimal Hours(string state) => hours.GetProperty(state).GetDecimal();
        (Hours("active"), Hours("waiting"), Hours("solved")).ShouldBe((336_338.98m, 265_983.65m, 444_338.92m));

        foreach (var (figure, count) in new[] { ("opened", 2_000), ("solved", 2_000), ("first-contact", 1_007), ("reopened", 27) })
            (await Behind($"figure={figure}")).Count.ShouldBe(count, figure);
        foreach (var promise in new[] { "first-response", "next-update", "resolution" })
        foreach (var figure in new[] { "met", "missed" })
        {
            var name =
                promise == "first-response" ? "firstResponse"
                : promise == "next-update" ? "nextUpdate"
                : "resolution";
            (await Behind($"figure={figure}&promise={promise}")).Count.ShouldBe(
                (int)figures.GetProperty(name).GetProperty(figure).GetInt64(),
                $"{figure} {promise}"
            );
        }
    }

    async Task<List<string>> Behind(string question, string period = Period)
    {
        var (found, after) = (new List<string>(), "");
        do
        {
            var page = await fixture.Get($"figures/tickets?{period}&{question}&limit=200{after}");
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(t => t.GetRawText()));
            after = page.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.String ? $"&after={next.GetString()}" : "";
        } while (after != "");
        found.ShouldBeUnique();
        return found;
    }
}
