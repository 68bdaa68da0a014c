using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Customers;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Lifecycle;

/// <summary>The clock and the stages of all customers. A room of its own: its clock is moved.</summary>
public class StagesAsOfTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task stages_are_counted_as_of_a_day_and_a_late_purchase_delays_its_own_source_only()
    {
        var (now, quiet, busy) = (fixture.Clock.GetUtcNow(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear(
            "customers",
            Purchase(quiet, 10, now.AddDays(-300)),
            Purchase(busy, 10, now.AddDays(-200)) with
            {
                Source = "market",
            },
            Purchase(busy, 10, now.AddDays(-1)) with
            {
                Source = "market",
            }
        );
        await fixture.CatchUp();
        fixture.Clock.Advance(TimeSpan.FromDays(100));
        // Told late, as every hour one is: whoever buys there may have bought more.
        await fixture.Hear(
            SegmentationFixture.AsFact("customers", Purchase(busy, 10, now.AddDays(-100)) with { Source = "market" }) with
            {
                RecordedAt = fixture.Clock.GetUtcNow(),
            }
        );
        await fixture.CatchUp();
        await fixture.RunDue<LifecycleClock>();
        await fixture.CatchUp();
        (await Stage(quiet), await Stage(busy)).ShouldBe(("Churned", "Active"), "who has never bought there does not wait");
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.RunDue<LifecycleClock>();
        await fixture.CatchUp();
        (await Stage(quiet), await Stage(busy)).ShouldBe(("Churned", "Dormant"), "it has settled");

        async Task<string> On(DateTimeOffset day)
        {
            var rows = await fixture
                .Http("segmentation.read")
                .GetFromJsonAsync<JsonElement>($"/api/segmentation/lifecycle?asOf={DateOnly.FromDateTime(day.UtcDateTime):O}");
            return string.Join(
                ' ',
                rows.EnumerateArray()
                    .Where(r => r.GetProperty("customers").GetInt64() > 0)
                    .Select(r => $"{r.GetProperty("name").GetString()}={r.GetProperty("customers").GetInt64()}")
            );
        }

        (await On(now.AddDays(-310))).ShouldBe("");
        (await On(now.AddDays(-298))).ShouldBe("New=1");
        (await On(now.AddDays(-195))).ShouldBe("New=1 Dormant=1");
        (await On(now.AddDays(-110))).ShouldBe("Dormant=1 Churned=1");
        (await On(now.AddDays(2))).ShouldBe("Active=1 Churned=1");
        var bad = await fixture.Http("segmentation.read").GetAsync("/api/segmentation/lifecycle?asOf=soon");
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    async Task<string> Stage(Guid customer) =>
        (await fixture.Http("segmentation.read").GetFromJsonAsync<JsonElement>($"/api/segmentation/customers/{customer}"))
            .GetProperty("lifecycle")
            .GetProperty("stage")
            .GetString()!;
}
