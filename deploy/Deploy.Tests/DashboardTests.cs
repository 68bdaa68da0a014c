using System.Text.Json.Nodes;

namespace CrmPlatform.Deploy.Tests;

/// <summary>The dashboard is one that Grafana can load; that its metrics exist is tested where they are scraped.</summary>
public class DashboardTests
{
    [Fact]
    public void every_panel_has_a_place_of_its_own_a_source_and_a_query()
    {
        var dashboard = JsonNode.Parse(Offline.Read("deploy", "grafana", "crm.json"))!;
        dashboard["schemaVersion"]!.GetValue<int>().ShouldBeGreaterThan(30);
        var panels = dashboard["panels"]!.AsArray().Select(p => p!).ToList();
        panels.Select(p => p["id"]!.GetValue<int>()).ShouldBeUnique();
        panels.Select(p => ((int)p["gridPos"]!["x"]!, (int)p["gridPos"]!["y"]!)).ShouldBeUnique();
        var shown = panels.Where(p => (string?)p["type"] != "row").ToList();
        shown.Count.ShouldBeGreaterThan(10);
        foreach (var panel in shown)
        {
            ((string?)panel["datasource"]!["uid"]).ShouldBe("${datasource}", "whatever Prometheus the reader picks");
            var query = (string)panel["targets"]![0]!["expr"]!;
            query.ShouldContain("job=\"crm\"", Case.Sensitive);
            query.Count(c => c == '(').ShouldBe(query.Count(c => c == ')'), query);
        }
    }
}
