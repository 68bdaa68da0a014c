using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Segmentation.Tests.Churn;

/// <summary>What the tests of churn say to the room and ask of it.</summary>
static class ChurnWorld
{
    /// <summary>The clock comes by, and no import is going on; then the views follow.</summary>
    public static async Task<int> JudgeChurn(this SegmentationFixture fixture)
    {
        await fixture.Settle();
        var services = fixture.Services;
        await fixture.RunDue<SpreadModel>();
        var recorded = await services
            .GetRequiredService<DueRunner>()
            .Run(
                new JudgeChurn(
                    services.GetRequiredService<RiskModels>(),
                    services.GetRequiredService<EventStore>(),
                    services.GetRequiredService<SegmentationOptions>()
                )
                {
                    ImportIsOver = true,
                }
            );
        await fixture.CatchUp();
        return recorded;
    }

    /// <summary>The episodes of a customer, oldest first.</summary>
    public static async Task<List<JsonElement>> Episodes(this SegmentationFixture fixture, Guid customer) =>
        [.. (await fixture.Get($"customers/{customer}/churn")).GetProperty("episodes").EnumerateArray().Reverse()];

    public static string? Text(this JsonElement e, string property) => e.GetProperty(property).GetString();

    public static DateTimeOffset Moment(this JsonElement e, string property) => e.GetProperty(property).GetDateTimeOffset();

    /// <summary>What the others have heard of a customer's leaving.</summary>
    public static async Task<List<object>> Told(this SegmentationFixture fixture, Guid customer) =>
        [
            .. (await fixture.Store.FetchStream(CustomerChurn.Of(customer).Id))
                .Select(SegmentationFeed.Translate)
                .OfType<OutgoingFact>()
                .Select(f => f.Contract),
        ];

    public static async Task<HttpResponseMessage> Say(this SegmentationFixture fixture, string path, object? body = null) =>
        await fixture
            .Http("segmentation.churn.write", "segmentation.win-back.write")
            .PostAsJsonAsync("/api/segmentation/" + path, body ?? new { });
}
