using System.Text.Json.Nodes;
using static CrmPlatform.Deploy.Tests.Rendered;

namespace CrmPlatform.Deploy.Tests;

public class ReferenceTests
{
    public static TheoryData<string> Overlays => ["local", "production"];

    [Theory, MemberData(nameof(Overlays))]
    public void every_secret_and_config_map_that_a_pod_names_is_there_or_listed_as_brought_along(string overlay)
    {
        var rendered = Of(overlay);
        foreach (var (name, _, pod) in rendered.Pods)
        foreach (var container in Each(pod["spec"]!["containers"]))
        {
            foreach (var variable in Each(container["env"]))
            {
                if (variable["valueFrom"]?["secretKeyRef"] is { } secret)
                    Secret(secret["name"]!.GetValue<string>(), secret["key"]!.GetValue<string>(), name);
                if (variable["valueFrom"]?["configMapKeyRef"] is { } map)
                    rendered.Find("ConfigMap", map["name"]!.GetValue<string>())!["data"]![map["key"]!.GetValue<string>()].ShouldNotBeNull();
            }
            foreach (var from in Each(container["envFrom"]))
            {
                if (from["configMapRef"]?["name"] is { } map)
                    rendered.Find("ConfigMap", map.GetValue<string>()).ShouldNotBeNull($"{name} wants {map}");
                if (from["secretRef"]?["name"] is { } secret)
                    Settings.External.Keys.ShouldContain(secret.GetValue<string>());
            }
            foreach (var mount in Each(container["volumeMounts"]))
                Each(pod["spec"]!["volumes"])
                    .Select(v => v["name"]!.GetValue<string>())
                    .Concat(
                        rendered
                            .Kind("StatefulSet")
                            .Where(s => Name(s) == name)
                            .SelectMany(s => Each(s["spec"]!["volumeClaimTemplates"]))
                            .Select(c => Name(c))
                    )
                    .ShouldContain(mount["name"]!.GetValue<string>(), name);
        }
        foreach (var volume in rendered.Pods.SelectMany(p => Each(p.Pod["spec"]!["volumes"])))
            if (volume["configMap"]?["name"] is { } map)
                rendered.Find("ConfigMap", map.GetValue<string>()).ShouldNotBeNull();
        foreach (var role in rendered.Kind("Cluster").SelectMany(c => Each(c["spec"]!["managed"]!["roles"])))
            Secret(role["passwordSecret"]!["name"]!.GetValue<string>(), "password", "Cluster");
        foreach (var tls in rendered.Kind("Ingress").SelectMany(i => Each(i["spec"]!["tls"])))
            Settings.External.Keys.ShouldContain(tls["secretName"]!.GetValue<string>());

        static void Secret(string name, string key, string who)
        {
            Settings.External.Keys.ShouldContain(name, who);
            Settings.External[name].ShouldContain(key, $"{who} wants it of {name}");
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public void secrets_are_references_and_none_is_in_the_files(string overlay)
    {
        Of(overlay).Kind("Secret").ShouldBeEmpty();
        foreach (
            var (name, value) in Of(overlay).Pods.SelectMany(p => Each(p.Pod["spec"]!["containers"])).SelectMany(Of(overlay).Environment)
        )
            if (
                name.Contains("Password", StringComparison.OrdinalIgnoreCase)
                || name.Contains("Secret", StringComparison.Ordinal)
                || name.Contains("Key", StringComparison.Ordinal)
            )
                value.ShouldContain("/", Case.Sensitive, $"{name} should come from a Secret");
        foreach (var (service, _) in Compose.Services)
        foreach (var (name, value) in Compose.Environment(service))
            if (
                name.EndsWith("_PASSWORD", StringComparison.Ordinal)
                || name.EndsWith("Secret", StringComparison.Ordinal)
                || name.Contains("Key", StringComparison.Ordinal)
                || name.EndsWith("_PASS", StringComparison.Ordinal)
            )
                value.ShouldStartWith("${");
    }

    [Theory, MemberData(nameof(Overlays))]
    public void services_find_their_pods_and_ports(string overlay)
    {
        var rendered = Of(overlay);
        foreach (var service in rendered.Kind("Service"))
        {
            var pods = rendered
                .Pods.Where(p => Matches(service["spec"]!["selector"]!, (JsonObject)p.Pod["metadata"]!["labels"]!))
                .ToArray();
            pods.Length.ShouldBe(1, Name(service));
            var ports = Each(pods[0].Pod["spec"]!["containers"]).SelectMany(c => Each(c["ports"])).ToArray();
            foreach (var port in Each(service["spec"]!["ports"]))
                ports.Single(p => p["name"]!.GetValue<string>() == port["targetPort"]!.GetValue<string>())["containerPort"]!
                    .GetValue<int>()
                    .ShouldBe(port["port"]!.GetValue<int>(), Name(service));
        }
        foreach (
            var backend in rendered
                .Kind("Ingress")
                .SelectMany(i => Each(i["spec"]!["rules"]))
                .SelectMany(r => Each(r["http"]!["paths"]))
                .Select(p => p["backend"]!["service"]!)
        )
            Each(rendered.Find("Service", backend["name"]!.GetValue<string>())!["spec"]!["ports"])
                .Select(p => p["name"]!.GetValue<string>())
                .ShouldContain(backend["port"]!["name"]!.GetValue<string>());
        foreach (var set in rendered.Kind("StatefulSet"))
            rendered.Find("Service", set["spec"]!["serviceName"]!.GetValue<string>()).ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(Overlays))]
    public void scalers_budgets_accounts_and_policies_point_at_something(string overlay)
    {
        var rendered = Of(overlay);
        var deployments = rendered.Kind("Deployment").Select(Name).ToArray();
        deployments.ShouldBe(Crm.Part.All.Select(p => p.Name), ignoreOrder: true);
        rendered
            .Kind("HorizontalPodAutoscaler")
            .Select(h => h["spec"]!["scaleTargetRef"]!["name"]!.GetValue<string>())
            .ShouldBe(deployments, ignoreOrder: true);
        rendered.Kind("Job").Select(Name).ShouldBe(Crm.Part.Contexts.Select(p => p.Name + "-migrate"), ignoreOrder: true);
        foreach (var budget in rendered.Kind("PodDisruptionBudget"))
            rendered.PodLabels.Count(labels => Matches(budget["spec"]!["selector"]!["matchLabels"]!, labels)).ShouldBe(1, Name(budget));
        // The operator of the database makes its own; that of the broker makes none.
        rendered.Kind("PodDisruptionBudget").Count().ShouldBe(deployments.Length + rendered.Kind("RabbitmqCluster").Count());
        foreach (var deployment in rendered.Kind("Deployment", "StatefulSet"))
            Matches(deployment["spec"]!["selector"]!["matchLabels"]!, (JsonObject)deployment["spec"]!["template"]!["metadata"]!["labels"]!)
                .ShouldBeTrue(Name(deployment));
        foreach (var (name, _, pod) in rendered.Pods)
            if (pod["spec"]!["serviceAccountName"] is { } account)
                rendered.Find("ServiceAccount", account.GetValue<string>()).ShouldNotBeNull(name);
        foreach (var policy in rendered.Kind("NetworkPolicy"))
        {
            var peers = new[] { "ingress", "egress" }
                .SelectMany(way => Each(policy["spec"]![way]))
                .SelectMany(rule => Each(rule["from"]).Concat(Each(rule["to"])));
            foreach (var selector in peers.Select(p => p["podSelector"]).Prepend(policy["spec"]!["podSelector"]))
                if (selector?["matchLabels"] is { } labels)
                    rendered.PodLabels.ShouldContain(pod => Matches(labels, pod), $"{Name(policy)} selects nobody by {labels}");
        }
    }

    [Fact]
    public void every_variable_of_the_compose_file_is_made_by_the_script_or_has_a_default()
    {
        var (code, output) = Offline.Run("sh", ["deploy/docker/make-env.sh"], Offline.Root);
        code.ShouldBe(0, output);
        var made = Settings.Lines(output).ToDictionary();
        var wanted = System
            .Text.RegularExpressions.Regex.Matches(Offline.Read("docker-compose.yml"), @"\$\{(\w+)(:-)?")
            .Select(m => (Name: m.Groups[1].Value, Default: m.Groups[2].Success))
            .Distinct();
        foreach (var (name, hasDefault) in wanted)
            if (!hasDefault)
                made.Keys.ShouldContain(name);
        made.Keys.ShouldBeSubsetOf(wanted.Select(w => w.Name));
        var secrets = made.Where(v => !v.Key.StartsWith("BUSINESS_", StringComparison.Ordinal)).Select(v => v.Value).ToList();
        secrets.ShouldBeUnique();
        secrets.ShouldAllBe(v => v.Length >= 40);
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(made["SIGNING_KEY"].Trim('\'').Replace("\\n", "\n", StringComparison.Ordinal));
        key.KeySize.ShouldBe(256);
    }

    [Fact]
    public void what_compose_depends_on_and_mounts_is_there()
    {
        foreach (var (name, service) in Compose.Services)
        {
            foreach (var (other, condition) in service!["depends_on"] as JsonObject ?? [])
            {
                Compose.Services[other].ShouldNotBeNull(name);
                if (condition!["condition"]!.GetValue<string>() == "service_healthy")
                    Compose.Services[other]!["healthcheck"].ShouldNotBeNull(other);
            }
            foreach (var volume in Each(service["volumes"]).Select(v => v.GetValue<string>()).Where(v => v.StartsWith('.')))
                File.Exists(Path.Combine(Offline.Root, volume.Split(':')[0])).ShouldBeTrue(volume);
        }
    }
}
