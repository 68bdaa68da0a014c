using System.Text.Json;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>What the platform says of its API, by the real documents of the gateway and of each room behind it.</summary>
public sealed class ApiTests(WholePlatform platform) : IClassFixture<WholePlatform>
{
    public static TheoryData<string> Documents => ["gateway", .. Rooms.Room.All.Select(room => room.Name)];

    [Theory, MemberData(nameof(Documents))]
    public void every_property_and_parameter_says_what_it_means(string name) => Meanings.Check(platform.Documents[name]);

    [Theory, MemberData(nameof(Documents))]
    public async Task the_linter_finds_nothing_in_the_description_of_the_api(string name)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.CreateVersion7():N}-{name}.json");
        await File.WriteAllTextAsync(file, platform.Documents[name]);
        try
        {
            Linter.Findings(file, "openapi.yaml").ShouldBeEmpty();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void tags_kinds_and_scores_have_one_shape_in_all_rooms()
    {
        var document = JsonSerializer.Deserialize<JsonElement>(platform.Documents["gateway"]);
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().ToDictionary(s => s.Name, s => s.Value);
        var properties = schemas
            .SelectMany(s => s.Value.TryGetProperty("properties", out var own) ? own.EnumerateObject() : [])
            .ToLookup(p => p.Name, p => p.Value);
        properties["tags"].Count().ShouldBeGreaterThan(3);
        foreach (var tags in properties["tags"])
        {
            var tag = tags.GetProperty("items");
            if (tag.TryGetProperty("$ref", out var shown))
                schemas[shown.GetString()!.Split('/')[^1]]
                    .GetProperty("properties")
                    .EnumerateObject()
                    .Select(p => p.Name)
                    .ShouldBe(["tag", "origin"]);
            else
                tag.GetProperty("type").GetString().ShouldBe("string");
        }
        foreach (var words in schemas.Values.Concat(properties["kind"]).Where(s => s.TryGetProperty("enum", out _)))
            if (words.GetProperty("enum").EnumerateArray().Select(w => w.GetString()?.ToLowerInvariant()).Contains("enterprise"))
                words.GetProperty("enum").EnumerateArray().Select(w => w.GetString()).ShouldBe(["individual", "enterprise"]);
        foreach (var number in properties.SelectMany(p => p).Where(p => p.TryGetProperty("format", out _)))
            number.GetProperty("format").GetString().ShouldNotBe("int16");
    }

    [Fact]
    public void the_linter_finds_nothing_in_the_description_of_the_events() =>
        Linter.Findings(Path.Combine(TestServers.Root, "docs", "asyncapi.yaml"), "asyncapi.yaml").ShouldBeEmpty();

    [Fact]
    public async Task a_client_that_nswag_makes_of_the_description_compiles_and_walks_to_a_portrait()
    {
        var walk = await File.ReadAllTextAsync(Path.Combine(TestServers.Root, "tests", "clients", "Walk.cs"));
        var (program, warnings) = GeneratedClient.Compile(await GeneratedClient.Of(platform.Documents["gateway"]), walk);
        warnings.ShouldBeEmpty();
        var run = (Task)
            program
                .GetType("Walk", throwOnError: true)!
                .GetMethod("Run")!
                .Invoke(null, [platform.Gateway, WholePlatform.Client, WholePlatform.Secret, "C-1", "USD"])!;
        await run;
        var portrait = Newtonsoft.Json.Linq.JObject.FromObject(((dynamic)run).Result);
        ((string)portrait["kind"]!, (decimal)portrait["behaviour"]!["netRevenue"]!["value"]!).ShouldBe(("individual", 19.90m));
        ((string)portrait["behaviour"]!["channels"]![0]!["name"]!).ShouldBe("online");
    }

    [Fact]
    public void the_guide_to_clients_shows_the_walk_that_is_tested() =>
        File.ReadAllText(Path.Combine(TestServers.Root, "docs", "clients.md"))
            .ShouldContain($"```csharp\n{File.ReadAllText(Path.Combine(TestServers.Root, "tests", "clients", "Walk.cs"))}```");

    [Fact]
    public void the_gateway_describes_every_room() =>
        JsonSerializer.Deserialize<JsonElement>(platform.Documents["gateway"]).TryGetProperty("x-crm-missing", out _).ShouldBeFalse();
}
