using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CrmPlatform.Loyalty.Tests;

[Collection("loyalty")]
public class EdgeTests(LoyaltyRoom room)
{
    const string Nobody = "accounts/00000000-0000-7000-8000-000000000001";

    public static TheoryData<string, string, string> Routes =>
        new()
        {
            { "GET", "accounts", "loyalty.read" },
            { "GET", Nobody, "loyalty.read" },
            { "GET", $"{Nobody}/statement", "loyalty.read" },
            { "GET", $"{Nobody}/redemptions/00000000-0000-7000-8000-000000000002", "loyalty.read" },
            { "GET", "summary", "loyalty.read" },
            { "GET", "customers/00000000-0000-7000-8000-000000000001/personal", "personal.export" },
            { "POST", $"{Nobody}/redemptions", "loyalty.points.redeem" },
            { "POST", $"{Nobody}/redemptions/00000000-0000-7000-8000-000000000002/cancel", "loyalty.points.redeem" },
        };

    [Theory, MemberData(nameof(Routes))]
    public async Task without_a_token_401_without_the_permission_403(string method, string path, string permission)
    {
        await Problem(await Send(room.Anonymous(), method, path), 401, "unauthenticated");
        await Problem(await Send(room.Http("loyalty", "customers.read", permission + ".x"), method, path), 403, "forbidden");
        ((int)(await Send(room.Http(permission), method, path)).StatusCode).ShouldBeOneOf(200, 404);
    }

    [Theory]
    [InlineData("GET", Nobody), InlineData("GET", Nobody + "/statement"), InlineData("POST", Nobody + "/redemptions")]
    [
        InlineData("GET", Nobody + "/redemptions/00000000-0000-7000-8000-000000000002"),
        InlineData("POST", Nobody + "/redemptions/00000000-0000-7000-8000-000000000002/cancel")
    ]
    [InlineData("GET", "accounts/not-an-id"), InlineData("GET", "nothing")]
    public async Task what_is_not_there_is_a_404(string method, string path) =>
        await Problem(await Send(room.Everything, method, path), 404, "not-found");

    [Theory]
    [
        InlineData("accounts?limit=0"),
        InlineData("accounts?limit=201"),
        InlineData("accounts?limit=x"),
        InlineData("accounts?after=x"),
        InlineData("accounts?tier=Wood")
    ]
    [
        InlineData(Nobody + "/statement?kind=x"),
        InlineData(Nobody + "/statement?kind=1"),
        InlineData(Nobody + "/statement?from=yesterday"),
        InlineData(Nobody + "/statement?after=x"),
        InlineData(Nobody + "/statement?limit=-1")
    ]
    [InlineData(Nobody + "/statement?after=99999999999999999999")]
    public async Task a_malformed_question_is_a_400(string path) =>
        await Problem(await Send(room.Everything, "GET", path), 400, "invalid-request");

    [Theory]
    [InlineData(""), InlineData("null"), InlineData("[]"), InlineData("{"), InlineData("7"), InlineData("{}")]
    [
        InlineData("""{"points":10}"""),
        InlineData("""{"purpose":"x"}"""),
        InlineData("""{"points":0,"purpose":"x"}"""),
        InlineData("""{"points":-5,"purpose":"x"}""")
    ]
    [
        InlineData("""{"points":1.5,"purpose":"x"}"""),
        InlineData("""{"points":"ten","purpose":"x"}"""),
        InlineData("""{"points":99999999999999999999,"purpose":"x"}""")
    ]
    [
        InlineData("""{"points":10,"purpose":null}"""),
        InlineData("""{"points":10,"purpose":""}"""),
        InlineData("""{"points":10,"purpose":"Call 0171 123"}""")
    ]
    [
        InlineData("""{"points":10,"purpose":"x","balance":1000000}"""),
        InlineData("""{"points":9223372036854775807,"purpose":"x"}"""),
        InlineData("""{"points":10,"purpose":"x\u0000y"}""")
    ]
    public async Task a_malformed_command_is_a_400_and_leaves_no_trace(string body)
    {
        var customer = await room.Customer(100);
        var answer = await room.Everything.PostAsync(
            $"/api/loyalty/accounts/{customer}/redemptions",
            new StringContent(body, Encoding.UTF8, "application/json")
        );
        await Problem(answer, 400, "invalid-request");
        (await room.Store.FetchStream(customer)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task another_media_type_is_a_415_and_another_method_a_405()
    {
        var customer = await room.Customer(100);
        await Problem(
            await room.Everything.PostAsync($"/api/loyalty/accounts/{customer}/redemptions", new StringContent("points=1")),
            415,
            "unsupported-media-type"
        );
        await Problem(await room.Everything.DeleteAsync($"/api/loyalty/accounts/{customer}"), 405, "method-not-allowed");
    }

    [Fact]
    public async Task an_odd_if_match_or_key_is_a_400()
    {
        var customer = await room.Customer(100);
        await Problem(await room.Redeem(customer, 1, ifMatch: "\"x\""), 400, "invalid-request");
        await Problem(await room.Redeem(customer, 1, key: new string('k', 201)), 400, "invalid-request");
    }

    [Fact]
    public async Task too_few_points_is_a_422_that_says_so()
    {
        var problem = await Problem(await room.Redeem(await room.Customer(100), 101), 422, "insufficient-points");
        problem.GetProperty("field").GetString().ShouldBe("points");
        problem.GetProperty("detail").GetString()!.ShouldContain("100");
    }

    [Theory]
    [InlineData("purchase"), InlineData("referral"), InlineData("referred"), InlineData("survey"), InlineData("care")]
    [InlineData("attendance"), InlineData("compensation")]
    public async Task an_action_that_the_platform_tells_itself_is_told_by_nobody_else(string action)
    {
        var customer = await room.Customer(100);
        var answer = await room.Everything.PostAsJsonAsync(
            $"/api/loyalty/accounts/{customer}/actions",
            new { action, reference = "friend-1" }
        );
        var problem = await Problem(answer, 422, "reserved-action");
        problem.GetProperty("field").GetString().ShouldBe("action");
        (await room.Balance(customer)).ShouldBe(100);
    }

    [Fact]
    public async Task every_route_is_in_the_document()
    {
        var document = await room.Anonymous().GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var paths = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name}"))
            .ToArray();
        foreach (
            var route in new[]
            {
                "GET /api/loyalty/accounts",
                "GET /api/loyalty/accounts/{customerId}",
                "GET /api/loyalty/accounts/{customerId}/statement",
                "GET /api/loyalty/summary",
                "GET /api/loyalty/accounts/{customerId}/redemptions/{redemptionId}",
                "POST /api/loyalty/accounts/{customerId}/redemptions",
                "POST /api/loyalty/accounts/{customerId}/redemptions/{redemptionId}/cancel",
                "GET /api/loyalty/customers/{customerId}/personal",
            }
        )
            paths.ShouldContain(route);
    }

    static Task<HttpResponseMessage> Send(HttpClient http, string method, string path) =>
        http.SendAsync(
            new HttpRequestMessage(new(method), "/api/loyalty/" + path)
            {
                Content =
                    method == "POST" && !path.EndsWith("/cancel", StringComparison.Ordinal)
                        ? JsonContent.Create(new { points = 1, purpose = "x" })
                        : null,
            }
        );

    static async Task<JsonElement> Problem(HttpResponseMessage answer, int status, string code)
    {
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, body);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", body);
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        problem.GetProperty("type").GetString().ShouldBe("urn:crm:" + code);
        return problem;
    }
}
