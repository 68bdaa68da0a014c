using System.Text.Json.Nodes;

namespace CrmPlatform.Deploy.Tests;

public class SchemaTests
{
    static readonly string[] operators = ["postgresql.cnpg.io/v1", "rabbitmq.com/v1beta1", "barmancloud.cnpg.io/v1"];

    [Fact]
    public void the_compose_file_follows_the_specification()
    {
        var (code, output) = Offline.Node("compose.js", ["docker-compose.yml"]);
        code.ShouldBe(0, output);
    }

    [Fact]
    public void a_wrong_compose_file_is_noticed()
    {
        var (code, output) = Offline.Node("compose.js", ["-"], "services: { x: { image: a, portz: [ 1 ], restart: [ no ] } }");
        (code, output.Contains("portz", StringComparison.Ordinal)).ShouldBe((1, true), output);
    }

    [Theory]
    [InlineData("local"), InlineData("production")]
    public void every_manifest_has_only_known_fields_of_the_right_type(string overlay)
    {
        var known = Rendered.Of(overlay).Documents.Where(d => !operators.Contains(d["apiVersion"]!.GetValue<string>()));
        var (code, output) = Offline.Node("kubernetes.js", ["-"], new JsonArray([.. known.Select(d => d.DeepClone())]).ToJsonString());
        code.ShouldBe(0, output);
        output.ShouldContain(" 0 errors");
    }

    [Theory]
    [InlineData("local"), InlineData("production")]
    public void where_a_kustomize_of_today_is_installed_it_builds_the_same(string overlay)
    {
        // Debian has none: there, the overlays are built by deploy/validation/kustomize.js alone, which refuses what it does not know.
        if (Offline.RealKustomize(overlay) is not { } theirs)
            return;
        var generated = new System.Text.RegularExpressions.Regex(
            @"""(business|rooms|sending|clients|postgres-init|rabbitmq-plugins)-[a-z0-9]{10}"""
        );
        var expected = theirs.Select(d => JsonNode.Parse(generated.Replace(d.ToJsonString(), "\"$1\""))!).ToList();
        var ours = Rendered.Of(overlay).Documents;
        ours.Length.ShouldBe(expected.Count);
        foreach (var document in ours)
            expected.ShouldContain(d => JsonNode.DeepEquals(d, document), $"{document["kind"]} {Rendered.Name(document)}");
    }

    [Fact]
    public void a_wrong_manifest_is_noticed()
    {
        var (code, output) = Offline.Node(
            "kubernetes.js",
            ["-"],
            """
            { apiVersion: v1, kind: Service, metadata: { name: a }, spec: { selectr: { a: b }, ports: [ { port: "eighty" } ] } }
            """
        );
        code.ShouldBe(1, output);
    }

    /// <summary>
    /// The operators' own resources, field by field as their references name them: text, number, yes (boolean), list or map of those.
    /// </summary>
    static readonly Dictionary<string, JsonNode> shapes = new()
    {
        ["Cluster"] = JsonNode.Parse(
            """
            { "instances!": "number", "imageName": "text", "primaryUpdateStrategy": "text", "enableSuperuserAccess": "yes",
              "storage!": { "size!": "text" }, "walStorage": { "size!": "text" },
              "resources": "any", "affinity": { "enablePodAntiAffinity": "yes", "topologyKey": "text", "podAntiAffinityType": "text" },
              "postgresql": { "synchronous": { "method!": "text", "number!": "number" }, "parameters": { "*": "text" } },
              "bootstrap": { "initdb": { "dataChecksums": "yes", "encoding": "text", "localeCollate": "text", "localeCType": "text" } },
              "managed": { "roles": [ { "name!": "text", "ensure": "text", "login": "yes", "passwordSecret": { "name!": "text" } } ] },
              "backup": { "volumeSnapshot": { "className": "text", "online": "yes" }, "retentionPolicy": "text" },
              "plugins": [ { "name!": "text", "isWALArchiver": "yes", "parameters": { "barmanObjectName!": "text" } } ],
              "monitoring": { "enablePodMonitor": "yes" } }
            """
        )!,
        ["Database"] = JsonNode.Parse(
            """
            { "cluster!": { "name!": "text" }, "name!": "text", "owner!": "text", "encoding": "text", "ensure": "text",
              "databaseReclaimPolicy": "text" }
            """
        )!,
        ["ScheduledBackup"] = JsonNode.Parse(
            """
            { "schedule!": "text", "method": "text", "pluginConfiguration": { "name!": "text" }, "backupOwnerReference": "text",
              "cluster!": { "name!": "text" } }
            """
        )!,
        ["ObjectStore"] = JsonNode.Parse(
            """
            { "retentionPolicy": "text",
              "configuration!": { "destinationPath!": "text", "endpointURL": "text",
                "s3Credentials": { "accessKeyId!": { "name!": "text", "key!": "text" },
                  "secretAccessKey!": { "name!": "text", "key!": "text" } },
                "wal": { "compression": "text" }, "data": { "compression": "text" } } }
            """
        )!,
        ["RabbitmqCluster"] = JsonNode.Parse(
            """
            { "replicas": "number", "image": "text", "persistence": { "storage": "text" }, "resources": "any",
              "affinity": { "podAntiAffinity": "any" }, "rabbitmq": { "additionalPlugins": [ "text" ], "additionalConfig": "text" } }
            """
        )!,
    };

    [Fact]
    public void the_operators_resources_have_the_fields_that_their_references_name()
    {
        var theirs = Rendered.Of("production").Documents.Where(d => operators.Contains(d["apiVersion"]!.GetValue<string>())).ToArray();
        theirs.Select(d => d["kind"]!.GetValue<string>()).Distinct().ShouldBe(shapes.Keys, ignoreOrder: true);
        foreach (var document in theirs)
            Faults(document["spec"], shapes[document["kind"]!.GetValue<string>()], Rendered.Name(document)).ShouldBeEmpty();
        Faults(JsonNode.Parse("""{ "instances": "3", "storge": {} }"""), shapes["Cluster"], "x")
            .Count()
            .ShouldBe(3, "a wrong type, an unknown field and a missing one");
    }

    static IEnumerable<string> Faults(JsonNode? value, JsonNode shape, string at)
    {
        switch (shape)
        {
            case JsonValue type:
                var fits = type.GetValue<string>() switch
                {
                    "text" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
                    "number" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number,
                    "yes" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
                    _ => value is not null,
                };
                if (!fits)
                    yield return $"{at} should be {type}";
                break;
            case JsonArray items:
                if (value is not JsonArray list)
                    yield return $"{at} should be a list";
                else
                    foreach (var fault in list.SelectMany((item, i) => Faults(item, items[0]!, $"{at}[{i}]")))
                        yield return fault;
                break;
            case JsonObject fields when value is JsonObject given:
                foreach (var (name, inner) in given)
                {
                    var expected = fields[name] ?? fields[name + "!"] ?? fields["*"];
                    if (expected is null)
                        yield return $"{at}.{name} is unknown";
                    else
                        foreach (var fault in Faults(inner, expected, $"{at}.{name}"))
                            yield return fault;
                }
                foreach (var (name, _) in fields)
                    if (name.EndsWith('!') && given[name.TrimEnd('!')] is null)
                        yield return $"{at}.{name.TrimEnd('!')} is missing";
                break;
            default:
                yield return $"{at} should be a map";
                break;
        }
    }
}
