using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Runs;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests;

public class RestartTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_run_whose_process_died_before_telling_anybody_is_finished_and_used_by_the_next()
    {
        var (customer, other, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), fixture.Clock.GetUtcNow());
        await fixture.Hear("customers", Purchase(customer, 10, now.AddDays(-5)), Purchase(other, 20, now.AddDays(-1)));
        var business = fixture.Services.GetRequiredService<Business>();
        var run = await fixture
            .Services.GetRequiredService<Scoring>()
            .Score(
                new(TimeProvider.System),
                business.DayOf(now),
                Scoring.Decision,
                Segmentation.Definitions.RunDefinition.Default,
                default
            );
        run.Publishes.ShouldBeTrue();

        await fixture.Restart();
        fixture
            .Services.GetRequiredService<Yardsticks>()
            .Current.Run!.Id.ShouldBe(run.Id, "purchases are scored by it from the first one on");
        await fixture.Services.GetRequiredService<PublishRuns>().Publish(run.Id);
        await fixture.CatchUp();

        var reader = fixture.Http("segmentation.read");
        (await reader.GetFromJsonAsync<JsonElement>($"/api/segmentation/runs/{run.Id}"))
            .GetProperty("publishedAt")
            .ValueKind.ShouldBe(JsonValueKind.String);
        (await reader.GetFromJsonAsync<JsonElement>($"/api/segmentation/customers/{customer}"))
            .GetProperty("rfm")
            .GetProperty("runId")
            .GetGuid()
            .ShouldBe(run.Id);

        await fixture.Daemon.Rebuild("customer-scores");
        await fixture.Daemon.Rebuild("counted-purchases");
        await fixture.Daemon.Rebuild("scoring-runs");
        (await reader.GetFromJsonAsync<JsonElement>($"/api/segmentation/customers/{other}"))
            .GetProperty("abc")
            .GetProperty("grade")
            .GetString()
            .ShouldBe("A");
    }
}
