using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrmPlatform.Crm;
using static CrmPlatform.Deploy.Tests.Rendered;

namespace CrmPlatform.Deploy.Tests;

public partial class HardeningTests
{
    public static TheoryData<string> Overlays => ["local", "production"];

    [Theory, MemberData(nameof(Overlays))]
    public void pods_run_without_rights_and_with_limits(string overlay)
    {
        foreach (var (name, kind, pod) in Of(overlay).Pods)
        {
            var spec = pod["spec"]!;
            spec["automountServiceAccountToken"]!.GetValue<bool>().ShouldBeFalse(name);
            spec["securityContext"]!["runAsNonRoot"]!.GetValue<bool>().ShouldBeTrue(name);
            spec["securityContext"]!["seccompProfile"]!["type"]!.GetValue<string>().ShouldBe("RuntimeDefault");
            foreach (var container in Each(spec["containers"]))
            {
                var context = container["securityContext"]!;
                context["allowPrivilegeEscalation"]!.GetValue<bool>().ShouldBeFalse(name);
                Each(context["capabilities"]!["drop"]).Single().GetValue<string>().ShouldBe("ALL");
                // Only the desk's RabbitMQ writes its configuration into its image's file system.
                if (name != "crm-rabbitmq")
                    context["readOnlyRootFilesystem"]!.GetValue<bool>().ShouldBeTrue(name);
                foreach (var resource in new[] { "cpu", "memory" })
                    container["resources"]!["requests"]![resource].ShouldNotBeNull(name);
                container["resources"]!["limits"]!["memory"].ShouldNotBeNull(name);
                if (kind != "Deployment")
                    continue;
                container["livenessProbe"]!["httpGet"]!["path"]!.GetValue<string>().ShouldBe("/health/live");
                container["readinessProbe"]!["httpGet"]!["path"]!.GetValue<string>().ShouldBe("/health/ready");
                container["startupProbe"]!["httpGet"]!["path"]!.GetValue<string>().ShouldBe("/health/live");
                foreach (var probe in new[] { "livenessProbe", "readinessProbe", "startupProbe" })
                    Each(container["ports"])
                        .ShouldContain(p => p["name"]!.GetValue<string>() == container[probe]!["httpGet"]!["port"]!.GetValue<string>());
            }
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public void pods_that_go_still_serve_until_nobody_sends_them_requests(string overlay)
    {
        foreach (var part in Part.All)
        {
            var spec = Of(overlay).Pod(part.Name)["spec"]!;
            var sleep = Each(spec["containers"]).Single()["lifecycle"]!["preStop"]!["sleep"]!["seconds"]!.GetValue<int>();
            sleep.ShouldBe(5);
            spec["terminationGracePeriodSeconds"]!.GetValue<int>().ShouldBeGreaterThan(sleep + 20, "a service stops within 20 s");
        }
    }

    [Fact]
    public void the_local_brokers_files_keep_their_rights() =>
        Of("local").Pod("crm-rabbitmq")["spec"]!["securityContext"]!["fsGroupChangePolicy"]!.GetValue<string>().ShouldBe("OnRootMismatch");

    [Fact]
    public void compose_runs_ours_without_rights_and_shows_only_the_gateway()
    {
        foreach (var part in Part.All.Select(p => p.Name).Concat(Part.Contexts.Select(p => p.Name + "-migrate")))
        {
            var service = Compose.Services[part]!;
            service["read_only"]!.GetValue<bool>().ShouldBeTrue(part);
            Each(service["cap_drop"]).Single().GetValue<string>().ShouldBe("ALL");
            Each(service["security_opt"]).Single().GetValue<string>().ShouldBe("no-new-privileges:true");
            service["user"]!.GetValue<string>().ShouldBe("1654:1654");
            if (part.EndsWith("-migrate", StringComparison.Ordinal))
                service["pull_policy"]!.GetValue<string>().ShouldBe("never", "its image is built, not pulled");
        }
        Compose.Services.Where(s => s.Value!["ports"] is not null).Select(s => s.Key).ShouldBe(["gateway"]);
        Each(Compose.Services["gateway"]!["ports"]).Single().GetValue<string>().ShouldStartWith("127.0.0.1:");
    }

    [Fact]
    public void images_ports_users_and_versions_agree()
    {
        var dockerfile = Offline.Read("deploy", "docker", "Dockerfile");
        dockerfile.ShouldContain("EXPOSE 8080");
        dockerfile.ShouldContain("ASPNETCORE_HTTP_PORTS=8080");
        dockerfile.ShouldContain("\nUSER 1654");
        var sdk = System.Text.Json.Nodes.JsonNode.Parse(Offline.Read("global.json"))!["sdk"]!["version"]!.GetValue<string>();
        dockerfile.ShouldContain($"dotnet/sdk:{sdk.Split('.')[0]}.0");
        var version = Version().Match(Offline.Read("Directory.Build.props")).Groups[1].Value;
        Offline.Read("CHANGELOG.md").ShouldContain($"\n## {version}");
        Offline.Read("shared", "contracts", "CHANGELOG.md").ShouldContain($"\n## {version}");
        foreach (var part in Part.All)
        {
            Directory
                .GetFiles(Path.Combine(Offline.Root, "services", part.Name), "*.csproj", SearchOption.AllDirectories)
                .Count(f => !f.EndsWith(".Tests.csproj", StringComparison.Ordinal))
                .ShouldBe(1);
            var service = Compose.Services[part.Name]!;
            service["image"]!.GetValue<string>().ShouldBe($"crm/{part.Name}:${{CRM_VERSION:-local}}");
            service["build"]!["args"]!["SERVICE"]!.GetValue<string>().ShouldBe(part.Name);
            service["build"]!["dockerfile"]!.GetValue<string>().ShouldBe("deploy/docker/Dockerfile");
            Image("local", part.Name).ShouldBe($"crm/{part.Name}:local");
            Image("production", part.Name).ShouldBe($"registry.example.com/crm/{part.Name}:{version}");
            foreach (var overlay in new[] { "local", "production" })
            {
                Each(Each(Of(overlay).Pod(part.Name)["spec"]!["containers"]).Single()["ports"]).Single()["containerPort"]!
                    .GetValue<int>()
                    .ShouldBe(8080);
                Of(overlay).Pod(part.Name)["spec"]!["securityContext"]!["runAsUser"]!.GetValue<int>().ShouldBe(1654);
                if (part.Database is null)
                    continue;
                Image(overlay, part.Name + "-migrate").ShouldBe(Image(overlay, part.Name));
                Compose.Services[part.Name + "-migrate"]!["image"]!.GetValue<string>().ShouldBe(service["image"]!.GetValue<string>());
                Each(Each(Of(overlay).Pod(part.Name + "-migrate")["spec"]!["containers"]).Single()["args"])
                    .Single()
                    .GetValue<string>()
                    .ShouldBe("migrate");
            }
        }
        Image("local", "crm-postgres").ShouldBe(Compose.Services["postgres"]!["image"]!.GetValue<string>());
        Image("local", "crm-rabbitmq").ShouldBe(Compose.Services["rabbitmq"]!["image"]!.GetValue<string>());
        Of("production").Kind("RabbitmqCluster").Single()["spec"]!["image"]!
            .GetValue<string>()
            .ShouldBe(Compose.Services["rabbitmq"]!["image"]!.GetValue<string>());
    }

    [Fact]
    public void personal_data_never_reaches_the_databases_log()
    {
        string[] wanted =
        [
            "log_statement=none",
            "log_min_duration_statement=-1",
            "log_min_error_statement=panic",
            "log_parameter_max_length=0",
            "log_parameter_max_length_on_error=0",
            "log_error_verbosity=terse",
        ];
        var compose = Compose.Services["postgres"]!["command"]!.GetValue<string>().Split(' ');
        wanted.ShouldBeSubsetOf(compose);
        wanted.ShouldBeSubsetOf(
            Each(Each(Of("local").Pod("crm-postgres")["spec"]!["containers"]).Single()["args"]).Select(a => a.GetValue<string>())
        );
        var parameters = (JsonObject)Of("production").Kind("Cluster").Single()["spec"]!["postgresql"]!["parameters"]!;
        wanted.ShouldBeSubsetOf(parameters.Select(p => $"{p.Key}={p.Value}"));
    }

    static string Image(string overlay, string name) =>
        Each(Of(overlay).Pod(name)["spec"]!["containers"]).Single()["image"]!.GetValue<string>();

    [GeneratedRegex("<Version>(.*?)</Version>")]
    private static partial Regex Version();
}
