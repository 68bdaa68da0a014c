using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrmPlatform.Crm;
using static CrmPlatform.Deploy.Tests.Rendered;

namespace CrmPlatform.Deploy.Tests;

/// <summary>What `./crm up` gives each program is what each program needs: compose and Kubernetes must give the same.</summary>
public partial class SettingsTests
{
    static readonly string run = Directory.CreateTempSubdirectory("crm-deploy-test").FullName;

    public static TheoryData<string, string> Everywhere
    {
        get
        {
            var everywhere = new TheoryData<string, string>();
            foreach (var part in Part.All)
            foreach (var place in new[] { "compose", "local", "production" })
                everywhere.Add(part.Name, place);
            return everywhere;
        }
    }

    [Theory, MemberData(nameof(Everywhere))]
    public void a_program_gets_every_setting_that_it_needs(string part, string place)
    {
        var given = Given(part, place);
        foreach (var needed in Needed(Part.Named(part)))
            if (place != "production" || !needed.StartsWith("Auth__Clients__", StringComparison.Ordinal))
                given.Keys.ShouldContain(needed);
        given.Keys.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");
    }

    [Theory, MemberData(nameof(Everywhere))]
    public void and_none_that_it_must_not_have_or_does_not_know(string part, string place)
    {
        var given = Given(part, place);
        given.Keys.ShouldNotContain("ConnectionStrings__PostgresOwner", "who serves does not own the tables");
        if (Part.Named(part).Room?.PersonalData != true)
            given.Keys.ShouldNotContain(k => k.StartsWith("PersonalData", StringComparison.Ordinal));
        if (part != "gateway")
            given.Keys.ShouldNotContain(k =>
                k.StartsWith("Auth__SigningKeys", StringComparison.Ordinal) || k.StartsWith("Auth__Clients", StringComparison.Ordinal)
            );
        var known = Needed(Part.Named(part))
            .Concat([
                "Auth__SigningKeys__1",
                "PersonalData__PreviousMasterKey",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "Telemetry__TraceRatio",
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED",
                "DB_PASSWORD",
            ])
            .ToHashSet();
        given.Keys.Where(k => !k.StartsWith("Auth__Clients__", StringComparison.Ordinal)).ShouldBeSubsetOf(known);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public void connections_lead_to_the_programs_own_database_as_its_own_role(string part, string place)
    {
        if (Part.Named(part).Database is not { } database)
            return;
        Check(Given(part, place)["ConnectionStrings__Postgres"], database + "_app");
        var migration =
            place == "compose"
                ? Compose.Environment($"{part}-migrate")
                : Of(place).Environment(Each(Of(place).Pod($"{part}-migrate")["spec"]!["containers"]).Single());
        Check(migration["ConnectionStrings__Postgres"], database + "_app");
        Check(migration["ConnectionStrings__PostgresOwner"], database + "_owner");
        migration.Keys.Count(k => k.Contains("__", StringComparison.Ordinal) && k != "PublicStream__MostBytes").ShouldBe(4);
        migration["ConnectionStrings__RabbitMq"].ShouldBe(Given(part, place)["ConnectionStrings__RabbitMq"]);
        migration["ConnectionStrings__RabbitMqManagement"].ShouldEndWith("rabbitmq:15672");
        if (place == "compose")
            migration["ConnectionStrings__RabbitMq"].ShouldStartWith($"amqp://{part}:");
        else
            migration["ConnectionStrings__RabbitMq"].ShouldBe($"{part}-broker/connection_string");

        void Check(string connection, string role)
        {
            var c = new Npgsql.NpgsqlConnectionStringBuilder(connection);
            (c.Database, c.Username).ShouldBe((database, role));
            if (place == "compose")
                Compose.Services[c.Host!].ShouldNotBeNull();
            else
                (
                    Of(place).Find("Service", c.Host!) ?? Of(place).Find("Cluster", c.Host!.Replace("-rw", "", StringComparison.Ordinal))
                ).ShouldNotBeNull();
        }
    }

    [Theory]
    [InlineData("compose"), InlineData("local"), InlineData("production")]
    public void the_server_takes_all_connections_that_the_programs_may_open(string place)
    {
        // Migrations come beside the programs; PostgreSQL keeps three for its superuser.
        var wanted = Part.Contexts.Sum(p => Replicas(p) * Connections(p) + 1) + 3;
        var server = place switch
        {
            "compose" => Limit().Match(Compose.Services["postgres"]!["command"]!.GetValue<string>()).Groups[1].Value,
            "local" => Limit()
                .Match(string.Join(' ', Each(Each(Of(place).Pod("crm-postgres")["spec"]!["containers"]).Single()["args"])))
                .Groups[1]
                .Value,
            _ => Of(place).Kind("Cluster").Single()["spec"]!["postgresql"]!["parameters"]!["max_connections"]!.GetValue<string>(),
        };
        int.Parse(server, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(wanted);

        // At their most, and those that come while all are updated.
        int Replicas(Part part) =>
            place == "compose"
                ? 1
                : Of(place).Find("HorizontalPodAutoscaler", part.Name)!["spec"]!["maxReplicas"]!.GetValue<int>()
                    + Of(place).Find("Deployment", part.Name)!["spec"]!["strategy"]!["rollingUpdate"]!["maxSurge"]!.GetValue<int>();

        // A log has a pool of half the size for its writes and one of a quarter for Marten's sessions (docs/decisions/0031).
        int Connections(Part part)
        {
            var pool = new Npgsql.NpgsqlConnectionStringBuilder(Given(part.Name, place)["ConnectionStrings__Postgres"]).MaxPoolSize;
            return Part.Logs.Contains(part) ? pool + pool / 2 + pool / 4 : pool;
        }
    }

    [Theory, MemberData(nameof(Everywhere))]
    public void addresses_lead_to_the_programs_at_the_port_on_which_they_listen(string part, string place)
    {
        foreach (var (name, value) in Given(part, place))
        {
            if (!name.StartsWith("Services__", StringComparison.Ordinal) && name != "Auth__Authority")
                continue;
            var address = new Uri(value);
            address.Port.ShouldBe(8080);
            Part.Named(address.Host)
                .Assembly.ShouldBe(name == "Auth__Authority" ? "CrmPlatform.Gateway" : "CrmPlatform." + name["Services__".Length..]);
            if (place != "compose")
                Each(Of(place).Find("Service", address.Host)!["spec"]!["ports"])
                    .ShouldContain(p => p["port"]!.GetValue<int>() == address.Port);
        }
    }

    [Theory]
    [InlineData("local"), InlineData("production")]
    public void clients_are_those_of_the_command_line(string overlay)
    {
        var given = Settings.Lines(Offline.Read("deploy", "k8s", "overlays", overlay, "clients.env")).ToDictionary();
        var clients = new List<Client>();
        for (var n = 0; given.TryGetValue($"Auth__Clients__{n}__Id", out var id); n++)
            clients.Add(
                new(
                    id,
                    [
                        .. Enumerable
                            .Range(0, 100)
                            .Select(m => given.GetValueOrDefault($"Auth__Clients__{n}__Permissions__{m}"))
                            .TakeWhile(p => p is not null)
                            .Select(p => p!),
                    ]
                )
            );
        clients.Sum(c => 1 + c.Permissions.Count).ShouldBe(given.Count, "every line is read");
        foreach (var client in clients)
            client.Permissions.ShouldBe(Client.Named(client.Id).Permissions, ignoreOrder: true, client.Id);
        clients
            .Select(c => c.Id)
            .ShouldBe(
                overlay == "local" ? Client.All.Select(c => c.Id) : Client.All.Select(c => c.Id).Except(["demo"]),
                "the demo's client is not for production"
            );

        var secrets = Given("gateway", overlay).Keys.Where(k => k.EndsWith("__Secret", StringComparison.Ordinal));
        for (var n = 0; n < clients.Count; n++)
            secrets.ShouldContain($"Auth__Clients__{n}__Secret");
    }

    [Fact]
    public void images_and_the_demo_run_with_the_same_youngest_generation() =>
        Offline.Read("deploy", "docker", "Dockerfile").ShouldContain($" DOTNET_GCgen0size={PartEnvironment.YoungestGeneration}\n");

    static IEnumerable<string> Needed(Part part)
    {
        File.WriteAllLines(
            Path.Combine(run, "env"),
            [
                "CRM_POSTGRES=Host=127.0.0.1;Username=crm",
                "CRM_RABBITMQ=amqp://a:b@127.0.0.1/crm",
                "CRM_RABBITMQ_HTTP=http://a:b@127.0.0.1:15672",
                .. Part.All.Select((p, i) => $"{p.PortSetting}={8000 + i}"),
            ]
        );
        var instance = Instance.At(Offline.Root, run);
        return PartEnvironment.Of(part, instance, Secrets.Of(instance)).Keys.Where(Settings.OfContainers);
    }

    static Dictionary<string, string> Given(string part, string place) =>
        place == "compose" ? Compose.Environment(part) : Of(place).Environment(Each(Of(place).Pod(part)["spec"]!["containers"]).Single());

    [GeneratedRegex(@"max_connections=(\d+)")]
    private static partial Regex Limit();
}
