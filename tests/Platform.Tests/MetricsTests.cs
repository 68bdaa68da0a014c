extern alias Loyalty;

using System.Net;
using CrmPlatform.Contracts;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>What Prometheus scrapes: seen on loyalty, the same code in every room.</summary>
public sealed partial class MetricsTests(Room<Loyalty::Program> room) : IClassFixture<Room<Loyalty::Program>>
{
    [Fact]
    public async Task metrics_of_the_room_its_runtime_and_its_libraries_are_scraped()
    {
        await room.Hear("customers", new CustomerRegistered(Guid.CreateVersion7(), "individual", null, room.Clock.GetUtcNow()));
        (await room.Http("loyalty.read").GetAsync("/api/loyalty/accounts/00000000-0000-7000-8000-000000000001")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        var scraped = await room.Http("ops.read").GetStringAsync("/metrics");
        foreach (
            var name in new[]
            {
                "crm_store_events",
                "crm_store_append_duration_seconds",
                "crm_follower_lag",
                "crm_facts_consumed",
                "http_server_request_duration_seconds",
                "db_client_operation_duration_seconds",
                "dotnet_gc_collections",
            }
        )
            scraped.ShouldContain($"\n{name}", Case.Sensitive);
        scraped.ShouldContain("http_route=\"/api/loyalty/accounts/{customerId:guid}\"");
        scraped.ShouldContain("pool_name=\"loyalty-writes\"");
        scraped.ShouldNotContain("Application Name", Case.Sensitive, "the room's pools have names");
        scraped.ShouldNotContain("00000000-0000-7000-8000-000000000001");
    }

    [Theory]
    [InlineData("prometheus", "alerts.yaml")]
    [InlineData("grafana", "crm.json")]
    public async Task what_alerts_and_the_dashboard_ask_for_is_scraped(string folder, string file)
    {
        await room.Hear("customers", new CustomerRegistered(Guid.CreateVersion7(), "individual", null, room.Clock.GetUtcNow()));
        await room.Http("loyalty.read").GetAsync("/api/loyalty/summary");
        var scraped = await room.Http("ops.read").GetStringAsync("/metrics");
        var queries = await File.ReadAllTextAsync(Path.Combine(TestServers.Root, "deploy", folder, file));
        // Counters appear when they first count.
        var asked = Asked()
            .Matches(queries)
            .Select(m => m.Value)
            .Except(["crm_due_failures_total", "crm_facts_refused_total", "crm_sending_outcomes_total", "crm_sign_ins_failed_total"])
            .ToHashSet();
        asked.Count.ShouldBeGreaterThan(4);
        foreach (var name in asked)
            scraped.ShouldContain($"\n{name}{{", Case.Sensitive);
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"\b(crm|http_server|dotnet|db_client)_[a-z_]+(?=\{)")]
    private static partial System.Text.RegularExpressions.Regex Asked();

    [Fact]
    public async Task they_are_for_operators()
    {
        (await room.Anonymous().GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await room.Http("loyalty.read").GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
