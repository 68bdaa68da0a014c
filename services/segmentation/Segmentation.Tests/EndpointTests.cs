using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests;

/// <summary>What every endpoint says to bad requests, and to the same request twice.</summary>
public class EndpointTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    HttpClient Reader => fixture.Http("segmentation.read", "segmentation.run");

    async Task<JsonElement> Get(string path) => await Reader.GetFromJsonAsync<JsonElement>("/api/segmentation/" + path);

    [Fact]
    public async Task a_fact_said_twice_counts_once()
    {
        var customer = Guid.CreateVersion7();
        var fact = SegmentationFixture.AsFact("customers", Purchase(customer, 10, fixture.Clock.GetUtcNow().AddHours(-1)));
        await fixture.Hear(fact);
        await fixture.Hear(fact);
        await fixture.CatchUp();
        (await Get($"customers/{customer}")).GetProperty("orders").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task one_key_many_times_at_once_is_one_run_and_one_answer()
    {
        await fixture.Hear("customers", Purchase(Guid.CreateVersion7(), 10, fixture.Clock.GetUtcNow().AddDays(-40)));
        var http = Reader;
        http.DefaultRequestHeaders.Add("Idempotency-Key", "one-run");
        var body = new { asOf = DateOnly.FromDateTime(fixture.Clock.GetUtcNow().UtcDateTime.AddDays(-30)) };
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(async _ =>
                {
                    while (true)
                    {
                        using var answer = await http.PostAsJsonAsync("/api/segmentation/runs", body);
                        // Only a few are answered at once: the others ask again.
                        if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                            return $"{(int)answer.StatusCode} {answer.Headers.Location} {await answer.Content.ReadAsStringAsync()}";
                        await Task.Delay(100);
                    }
                })
        );
        answers.Distinct().ShouldHaveSingleItem().ShouldStartWith("201 /api/segmentation/runs/");
    }

    [Theory]
    [InlineData("{\"asOf\":\"soon\"}", 400)]
    [InlineData("{\"asOf\":\"2999-01-01\"}", 422)]
    [InlineData("{\"asOf\":\"1999-01-01\"}", 422)]
    [InlineData("{\"view\":\"rosy\"}", 400)]
    [InlineData("{\"when\":\"2026-01-01\"}", 400)]
    [InlineData("[]", 400)]
    [InlineData("", 400)]
    public async Task runs_refuse(string body, int status)
    {
        var answer = await Reader.PostAsync(
            "/api/segmentation/runs",
            new StringContent(body, System.Text.Encoding.UTF8, "application/json")
        );
        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldStartWith("urn:crm:");
    }

    [Theory]
    [InlineData("runs?limit=0", 400)]
    [InlineData("runs?limit=many", 400)]
    [InlineData("runs?after=yesterday", 400)]
    [InlineData("runs/0190b3a0-0000-7000-8000-000000000000", 404)]
    [InlineData("runs/0190b3a0-0000-7000-8000-000000000000/scores", 404)]
    [InlineData("customers/0190b3a0-0000-7000-8000-000000000000", 404)]
    [InlineData("customers/nobody", 404)]
    [InlineData("customers/0190b3a0-0000-7000-8000-000000000000/lifecycle", 404)]
    [InlineData("lifecycle/transitions?month=2026-13", 400)]
    [InlineData("lifecycle/transitions?month=2026-11-01", 400)]
    [InlineData("lifecycle/transitions?month=2999-01", 400)]
    [InlineData("segments/whales/members", 404)]
    [InlineData("segments/champions/members?limit=201", 400)]
    [InlineData("segments/champions/members?after=x", 400)]
    public async Task reads_refuse(string path, int status)
    {
        var answer = await Reader.GetAsync("/api/segmentation/" + path);
        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldStartWith("urn:crm:");
    }

    [Fact]
    public async Task every_endpoint_asks_for_a_token_and_its_permission()
    {
        var id = Guid.CreateVersion7();
        foreach (
            var path in new[]
            {
                "runs",
                $"runs/{id}",
                $"runs/{id}/scores",
                $"customers/{id}",
                "segments",
                "segments/champions/members",
                "types",
                "abc",
                "lifecycle",
                "lifecycle/durations",
                "lifecycle/transitions",
                $"customers/{id}/lifecycle",
                "summary",
                $"customers/{id}/personal",
                $"customers/{id}/lifetime",
                "lifetime/models",
                $"lifetime/models/{id}",
                "lifetime/deciles",
                "back-tests",
                $"back-tests/{id}",
                $"back-tests/{id}/customers",
            }
        )
        {
            (await fixture.Anonymous().GetAsync("/api/segmentation/" + path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
            (await fixture.Http("segmentation.run").GetAsync("/api/segmentation/" + path)).StatusCode.ShouldBe(
                HttpStatusCode.Forbidden,
                path
            );
        }
        (await fixture.Anonymous().PostAsJsonAsync("/api/segmentation/runs", new { })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await fixture.Http("segmentation.read").PostAsJsonAsync("/api/segmentation/runs", new { })).StatusCode.ShouldBe(
            HttpStatusCode.Forbidden
        );
    }

    [Fact]
    public async Task the_same_key_with_another_body_is_refused()
    {
        await fixture.Hear("customers", Purchase(Guid.CreateVersion7(), 10, fixture.Clock.GetUtcNow().AddHours(-1)));
        var client = Reader;
        client.DefaultRequestHeaders.Add("Idempotency-Key", "run-1");
        var first = await client.PostAsJsonAsync("/api/segmentation/runs", new { view = "decision" });
        first.IsSuccessStatusCode.ShouldBeTrue();
        var again = await client.PostAsJsonAsync("/api/segmentation/runs", new { view = "decision" });
        (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        (await client.PostAsJsonAsync("/api/segmentation/runs", new { view = "corrected" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }
}
