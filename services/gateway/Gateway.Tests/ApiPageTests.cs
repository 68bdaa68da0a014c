using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Gateway.Edge;

namespace CrmPlatform.Gateway.Tests;

[Collection("gateway")]
public class ApiPageTests(RunningGateway gateway)
{
    [Fact]
    public async Task one_document_describes_the_whole_platform()
    {
        var document = await gateway.Anonymous.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        document.TryGetProperty("x-crm-missing", out _).ShouldBeFalse();
        var paths = document.GetProperty("paths");
        foreach (var room in CrmPlatform.Rooms.Room.All.Select(r => r.Project))
        {
            var operation = paths.GetProperty($"/api/{room.ToLowerInvariant()}/things").GetProperty("post");
            operation.GetProperty("operationId").GetString().ShouldBe($"{room}_AddThing");
            operation.GetProperty("tags").EnumerateArray().Single().GetString().ShouldBe(room);
            operation.ToString().ShouldContain($"#/components/schemas/{room}Thing");
            document
                .GetProperty("components")
                .GetProperty("schemas")
                .GetProperty($"{room}Thing")
                .ToString()
                .ShouldContain($"#/components/schemas/{room}Thing");
        }
        paths.TryGetProperty("/health/live", out _).ShouldBeFalse();
        paths.TryGetProperty("/connect/token", out _).ShouldBeTrue();
        document
            .GetProperty("components")
            .GetProperty("securitySchemes")
            .EnumerateObject()
            .Select(s => s.Name)
            .ShouldBe(["clientCredentials", "bearer"]);
        References(document).ShouldAllBe(r => Resolves(document, r));
    }

    [Fact]
    public async Task the_start_page_leads_to_pages_that_are_there()
    {
        var page = await gateway.Anonymous.GetStringAsync("/");
        var links = System.Text.RegularExpressions.Regex.Matches(page, "href=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
        links.Count.ShouldBeGreaterThan(3);
        foreach (var link in links)
            (await gateway.Anonymous.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK, link);
    }

    [Fact]
    public async Task examples_and_error_types_of_rooms_are_kept_and_the_gateway_adds_its_own()
    {
        var document = await gateway.Anonymous.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var operation = document.GetProperty("paths").GetProperty("/api/loyalty/things").GetProperty("post");
        operation
            .GetProperty("requestBody")
            .GetProperty("content")
            .GetProperty("application/json")
            .GetProperty("examples")
            .GetProperty("A thing")
            .GetProperty("value")
            .GetProperty("of")
            .GetString()
            .ShouldBe("#/components/schemas/Thing");
        Types(422).ShouldBe(["urn:crm:too-heavy"]);
        Types(429).ShouldBe(["urn:crm:too-many-requests"]);

        IEnumerable<string?> Types(int status) => Answer(status).GetProperty("x-crm-types").EnumerateArray().Select(t => t.GetString());

        JsonElement Answer(int status)
        {
            var answer = operation.GetProperty("responses").GetProperty($"{status}");
            return answer.TryGetProperty("$ref", out var at) ? At(document, at.GetString()!)!.Value : answer;
        }
    }

    [Fact]
    public async Task what_all_rooms_share_is_one_schema_and_the_gateway_says_what_its_own_parts_mean()
    {
        var text = await gateway.Anonymous.GetStringAsync("/openapi/v1.json");
        text.ShouldNotContain("x-crm-shared");
        var document = JsonSerializer.Deserialize<JsonElement>(text);
        var schemas = document.GetProperty("components").GetProperty("schemas");
        schemas.GetProperty("Receipt").GetProperty("description").GetString().ShouldBe("What all rooms answer.");
        schemas.EnumerateObject().Count(s => s.Name.EndsWith("Receipt", StringComparison.Ordinal)).ShouldBe(1);
        document
            .GetProperty("paths")
            .GetProperty("/api/loyalty/things")
            .GetProperty("post")
            .GetProperty("responses")
            .GetProperty("201")
            .ToString()
            .ShouldContain("#/components/schemas/Receipt");
        var signIn = document.GetProperty("paths").GetProperty("/connect/token").GetProperty("post");
        var asked = new List<string>();
        foreach (var part in new[] { signIn.GetProperty("requestBody"), schemas.GetProperty("Token"), schemas.GetProperty("TokenRefusal") })
            asked.AddRange(Properties(part).Where(p => !p.Value.TryGetProperty("description", out _)).Select(p => p.Name));
        asked.ShouldBeEmpty();
        schemas.GetProperty("Token").GetProperty("required").GetArrayLength().ShouldBe(4);
    }

    static IEnumerable<JsonProperty> Properties(JsonElement e) =>
        e.ValueKind != JsonValueKind.Object ? []
        : e.TryGetProperty("properties", out var own) ? own.EnumerateObject()
        : e.EnumerateObject().SelectMany(p => Properties(p.Value));

    [Fact]
    public async Task a_missing_room_is_noted_and_the_rest_is_there()
    {
        var half = gateway.Start(("Services:Loyalty", "http://127.0.0.1:1"));
        var document = await half.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        document.GetProperty("x-crm-missing").EnumerateArray().Select(m => m.GetString()).ShouldBe(["Loyalty"]);
        document.GetProperty("info").GetProperty("description").GetString()!.ShouldContain("Loyalty");
        document.GetProperty("paths").TryGetProperty("/api/customers/things", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task the_page_is_there_for_anybody_and_all_its_parts_come_from_here()
    {
        var page = await gateway.Anonymous.GetAsync("/docs");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var html = await page.Content.ReadAsStringAsync();
        html.ShouldContain("swagger-ui");
        html.ShouldNotContain("http://");
        html.ShouldNotContain("https://");
        // Inline scripts would be stopped by the page's own policy.
        System.Text.RegularExpressions.Regex.Count(html, "<script(?![^>]*src=)").ShouldBe(0, html);
        foreach (var part in new[] { "swagger-ui-bundle.js", "swagger-ui.css", "index.js" })
            (await gateway.Anonymous.GetAsync($"/docs/{part}")).StatusCode.ShouldBe(HttpStatusCode.OK, part);
    }

    static IEnumerable<string> References(JsonElement e) =>
        e.ValueKind switch
        {
            JsonValueKind.Object => e.EnumerateObject()
                .SelectMany(p => p.NameEquals("$ref") ? [p.Value.GetString()!] : References(p.Value)),
            JsonValueKind.Array => e.EnumerateArray().SelectMany(References),
            _ => [],
        };

    static bool Resolves(JsonElement document, string reference) => At(document, reference) is not null;

    static JsonElement? At(JsonElement document, string reference) =>
        reference
            .Split('/')
            .Skip(1)
            .Aggregate((JsonElement?)document, (at, name) => at is { } o && o.TryGetProperty(name, out var next) ? next : null);
}
