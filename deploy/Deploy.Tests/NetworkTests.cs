using System.Text.Json.Nodes;
using CrmPlatform.Crm;
using static CrmPlatform.Deploy.Tests.Rendered;

namespace CrmPlatform.Deploy.Tests;

/// <summary>Who reaches whom in a cluster, and what stands apart from what.</summary>
public class NetworkTests
{
    public static TheoryData<string> Overlays => ["local", "production"];

    [Theory, MemberData(nameof(Overlays))]
    public void nothing_of_ours_speaks_or_listens_unless_a_policy_says_so(string overlay)
    {
        var deny = Of(overlay).Find("NetworkPolicy", "deny-by-default")!["spec"]!;
        (deny["ingress"], deny["egress"]).ShouldBe((null, null));
        Each(deny["policyTypes"]).Select(t => t.GetValue<string>()).ShouldBe(["Ingress", "Egress"]);
        foreach (var (name, kind, pod) in Of(overlay).Pods)
            if (kind is "Deployment" or "Job")
                Matches(deny["podSelector"]!["matchLabels"]!, (JsonObject)pod["metadata"]!["labels"]!).ShouldBeTrue(name);
    }

    [Theory, MemberData(nameof(Overlays))]
    public void programs_reach_those_whom_they_ask_and_no_others(string overlay)
    {
        foreach (var from in Part.All)
        foreach (var to in Part.All.Where(p => p != from))
        {
            var asks = from == Part.Gateway || to == Part.Gateway || from.Room!.Asked.Contains(to.Room!);
            Passes(overlay, Labels(overlay, from.Name), Labels(overlay, to.Name), 8080).ShouldBe(asks, $"{from.Name} to {to.Name}");
        }
        var (database, broker) = (
            new JsonObject { ["cnpg.io/cluster"] = "crm-postgres" },
            new JsonObject { ["app.kubernetes.io/name"] = "crm-rabbitmq" }
        );
        foreach (var part in Part.All)
        {
            Passes(overlay, Labels(overlay, part.Name), database, 5432).ShouldBe(part.Database is not null, part.Name);
            Passes(overlay, Labels(overlay, part.Name), broker, 5672).ShouldBe(part.Database is not null, part.Name);
            if (part.Database is null)
                continue;
            Passes(overlay, Labels(overlay, part.Name + "-migrate"), database, 5432).ShouldBeTrue(part.Name);
            foreach (var port in new[] { 5672, 15672 })
                Passes(overlay, Labels(overlay, part.Name + "-migrate"), broker, port).ShouldBeTrue(part.Name);
            Passes(overlay, Labels(overlay, part.Name), broker, 15672).ShouldBeFalse("who serves does not manage the broker");
        }
    }

    [Fact]
    public void instances_of_the_database_ask_one_another_and_brokers_stay_apart()
    {
        var database = new JsonObject { ["cnpg.io/cluster"] = "crm-postgres" };
        Passes("production", database, database, 8000).ShouldBeTrue("an isolated primary restarts");
        var broker = Of("production").Kind("RabbitmqCluster").Single()["spec"]!;
        var apart = broker["affinity"]!["podAntiAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]!;
        Each(apart).Single()["topologyKey"]!.GetValue<string>().ShouldBe("kubernetes.io/hostname");
        Of("production").Find("PodDisruptionBudget", "crm-rabbitmq")!["spec"]!["maxUnavailable"]!.GetValue<int>().ShouldBe(1);
        var version = broker["image"]!.GetValue<string>().Split(':', '-')[1];
        System.Version.Parse(version).ShouldBeGreaterThanOrEqualTo(new(4, 2, 4), "the operator probes an endpoint that is new in it");
    }

    static JsonObject Labels(string overlay, string name) => (JsonObject)Of(overlay).Pod(name)["metadata"]!["labels"]!;

    /// <summary>
    /// Whether one pod may open a connection to another: who is picked by a policy for a direction needs one that says yes.
    /// </summary>
    static bool Passes(string overlay, JsonObject from, JsonObject to, int port)
    {
        return Says("Egress", "egress", "to", from, to) && Says("Ingress", "ingress", "from", to, from);

        bool Says(string type, string way, string side, JsonObject pod, JsonObject peer)
        {
            var policies = Of(overlay)
                .Kind("NetworkPolicy")
                .Select(p => p["spec"]!)
                .Where(s => Each(s["policyTypes"]).Any(t => t.GetValue<string>() == type) && Picks(s["podSelector"]!, pod))
                .ToArray();
            return policies.Length == 0
                || policies
                    .SelectMany(s => Each(s[way]))
                    .Any(rule =>
                        Each(rule[side]).Any(p => p["namespaceSelector"] is null && Picks(p["podSelector"]!, peer))
                        && (rule["ports"] is null || Each(rule["ports"]).Any(p => p["port"]!.GetValue<int>() == port))
                    );
        }

        static bool Picks(JsonNode selector, JsonObject labels) => selector["matchLabels"] is not { } wanted || Matches(wanted, labels);
    }
}
