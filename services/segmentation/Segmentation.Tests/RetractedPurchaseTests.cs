using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests;

/// <summary>A purchase that was never made is in no score, as of any day.</summary>
public class RetractedPurchaseTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    static Contracts.PurchaseRetracted Retracted(Contracts.PurchaseRecorded p) =>
        new(p.CustomerId, p.PurchaseId, p.Channel, p.Currency, p.Net, p.BaseCurrency, p.BaseNet, p.OccurredAt);

    [Fact]
    public async Task it_leaves_stage_scores_and_runs_as_of_earlier_days()
    {
        using var http = fixture.Http("segmentation.read", "segmentation.run");
        var (customer, other, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), fixture.Clock.GetUtcNow());
        var (kept, wrong, back) = (
            Purchase(customer, 10, now.AddDays(-30)),
            Purchase(customer, 900, now.AddDays(-20)),
            Purchase(customer, 50, now.AddDays(-25))
        );
        var returned = new Contracts.PurchaseReturned(
            customer,
            back.PurchaseId,
            Guid.CreateVersion7(),
            "store",
            "USD",
            50,
            "USD",
            50,
            true,
            back.OccurredAt,
            now.AddDays(-5)
        );
        await fixture.Hear("customers", kept, wrong, back, returned, Purchase(other, 20, now.AddDays(-9)));
        await fixture.CatchUp();
        (await Stage()).ShouldBe("Repeat");
        (await Bought()).ShouldBe((3, 960), "as of a day before the return");

        await fixture.Hear("customers", Retracted(wrong), Retracted(back));
        await fixture.CatchUp();
        (await Stage()).ShouldBe("New");
        (await Bought()).ShouldBe((1, 10));
        var seen = await http.GetFromJsonAsync<JsonElement>($"/api/segmentation/customers/{customer}");
        seen.GetProperty("revenue").GetDecimal().ShouldBe(10);

        await fixture.Hear("customers", Retracted(kept));
        await fixture.CatchUp();
        (await Stage()).ShouldBe("Prospect");

        async Task<string?> Stage() =>
            (await http.GetFromJsonAsync<JsonElement>($"/api/segmentation/customers/{customer}"))
                .GetProperty("lifecycle")
                .GetProperty("stage")
                .GetString();

        async Task<(long, decimal)> Bought()
        {
            var day = DateOnly.FromDateTime(now.AddDays(-10).UtcDateTime);
            var made = await http.PostAsJsonAsync("/api/segmentation/runs", new { asOf = day });
            made.EnsureSuccessStatusCode();
            await fixture.CatchUp();
            var scores = await http.GetFromJsonAsync<JsonElement>(
                $"/api/segmentation/runs/{(await made.Content.ReadFromJsonAsync<Changed>())!.Id}/scores"
            );
            var score = scores.GetProperty("items").EnumerateArray().Single(s => s.GetProperty("customerId").GetGuid() == customer);
            return (score.GetProperty("orders").GetInt64(), score.GetProperty("revenue").GetDecimal());
        }
    }
}
