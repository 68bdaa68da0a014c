using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.Gateway.Tests.RunningGateway;

namespace CrmPlatform.Gateway.Tests;

[Collection("gateway")]
public class DoorTests(RunningGateway gateway)
{
    [Theory]
    [
        InlineData("/api/customers", "Customers"),
        InlineData("/api/customers/1?x=y%20z", "Customers"),
        InlineData("/portraits/1?lang=zh", "Portraits")
    ]
    [
        InlineData("/api/customers/00000000-0000-7000-8000-000000000001/portrait?include=profile", "Portraits"),
        InlineData("/api/customers/00000000-0000-7000-8000-000000000001/timeline", "Portraits")
    ]
    [
        InlineData("/api/customers/00000000-0000-7000-8000-000000000001/export", "Customers"),
        InlineData("/api/customers/imports/portrait", "Customers"),
        InlineData("/api/portraits/ops/heard", "Portraits")
    ]
    [
        InlineData("/api/segmentation/runs", "Segmentation"),
        InlineData("/api/service-desk/tickets", "ServiceDesk"),
        InlineData("/api/loyalty/accounts", "Loyalty")
    ]
    public async Task a_request_goes_to_its_room_as_it_came(string path, string room)
    {
        var token = Token();
        var seen = await Ask<Seen>(Request(HttpMethod.Get, path, token));
        seen.ShouldBe(new Seen(room, "GET", path, $"Bearer {token}", seen.Correlation, 0));
    }

    [Theory]
    [InlineData("GET"), InlineData("POST")]
    public async Task an_open_page_is_for_everybody_and_nothing_beside_it_is(string method)
    {
        var seen = await Ask<Seen>(new(new(method), "/s/AbC_-?lang=zh"));
        seen.ShouldBe(new Seen("ServiceDesk", method, "/s/AbC_-?lang=zh", null, seen.Correlation, 0));
        foreach (var beside in new[] { "/s/AbC_-/more", "/s", "/api/service-desk/surveys" })
            (await gateway.Anonymous.SendAsync(new(new(method), beside))).StatusCode.ShouldBeOneOf(
                HttpStatusCode.NotFound,
                HttpStatusCode.Unauthorized
            );
        (await gateway.Anonymous.DeleteAsync("/s/AbC_-")).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task a_correlation_id_is_taken_over_passed_on_and_returned()
    {
        var request = Request(HttpMethod.Get, "/api/loyalty/x", Token());
        request.Headers.Add("X-Correlation-Id", "order-17.retry_2");
        var answer = await gateway.Anonymous.SendAsync(request);
        answer.Headers.GetValues("X-Correlation-Id").ShouldBe(["order-17.retry_2"]);
        (await answer.Content.ReadFromJsonAsync<Seen>())!.Correlation.ShouldBe("order-17.retry_2");
    }

    [Theory]
    [
        InlineData(null),
        InlineData(""),
        InlineData("two words"),
        InlineData("a,b"),
        InlineData("<script>"),
        InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")
    ]
    public async Task a_missing_or_odd_correlation_id_is_replaced(string? given)
    {
        var request = Request(HttpMethod.Get, "/api/loyalty/x", Token());
        if (given is not null)
            request.Headers.TryAddWithoutValidation("X-Correlation-Id", given);
        var answer = await gateway.Anonymous.SendAsync(request);
        var made = answer.Headers.GetValues("X-Correlation-Id").Single();
        Guid.TryParse(made, out _).ShouldBeTrue();
        (await answer.Content.ReadFromJsonAsync<Seen>())!.Correlation.ShouldBe(made);
    }

    [Fact]
    public async Task every_answer_carries_the_security_headers_and_api_answers_are_not_stored()
    {
        foreach (
            var (path, token) in new[]
            {
                ("/api/loyalty/x", Token()),
                ("/api/loyalty/x", null),
                ("/nowhere", null),
                ("/docs/index.html", null),
                ("/health/live", null),
            }
        )
        {
            var answer = await gateway.Anonymous.SendAsync(Request(HttpMethod.Get, path, token));
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], path);
            answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
            answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
            answer.Headers.Contains("Server").ShouldBeFalse();
            answer.Headers.Contains("X-Powered-By").ShouldBeFalse();
            if (path.StartsWith("/api", StringComparison.Ordinal))
                answer.Headers.CacheControl!.ToString().ShouldBe("no-store");
        }
    }

    [Fact]
    public async Task other_sites_scripts_are_not_let_in()
    {
        var preflight = Request(HttpMethod.Options, "/api/loyalty/x");
        preflight.Headers.Add("Origin", "https://elsewhere.test");
        preflight.Headers.Add("Access-Control-Request-Method", "GET");
        var answer = await gateway.Anonymous.SendAsync(preflight);
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task what_is_not_there_is_a_404_problem()
    {
        var answer = await gateway.Anonymous.GetAsync("/api/nothing");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe("urn:crm:not-found");
        problem.GetProperty("correlationId").GetString().ShouldBe(answer.Headers.GetValues("X-Correlation-Id").Single());
    }

    [Theory]
    [InlineData("POST", "/portraits/1"), InlineData("DELETE", "/connect/token"), InlineData("POST", "/openapi/v1.json")]
    public async Task a_wrong_method_is_a_405_problem(string method, string path)
    {
        var answer = await gateway.Anonymous.SendAsync(Request(new(method), path, Token()));
        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:crm:method-not-allowed");
    }

    [Fact]
    public async Task a_rooms_own_refusal_passes_unchanged()
    {
        var answer = await gateway.Anonymous.SendAsync(Request(HttpMethod.Get, "/api/loyalty/own-problem", Token()));
        answer.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:crm:stale");
    }

    [Fact]
    public async Task a_room_that_is_away_or_hangs_up_is_a_503_with_a_time_to_come_back()
    {
        var half = gateway.Start(("Services:Loyalty", "http://127.0.0.1:1"));
        (await half.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await half.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK, "the door stands without the rooms");
        foreach (var path in new[] { "/api/loyalty/x", "/api/customers/hang-up" })
        {
            var answer = await half.SendAsync(Request(HttpMethod.Get, path, Token()));
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
            (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:crm:unavailable");
        }
    }

    async Task<T> Ask<T>(HttpRequestMessage request)
    {
        var answer = await gateway.Anonymous.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<T>())!;
    }
}
