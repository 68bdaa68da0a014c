using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.Definitions;

/// <summary>A room that has heard of the orders of the R package rfm.</summary>
public sealed class RfmShop : SegmentationFixture
{
    readonly Lazy<Task> told;

    public RfmShop() => told = new(() => RfmOrders.Told(this));

    public Task Told() => told.Value;

    public static (int, int, int) Points(JsonElement s) =>
        (s.GetProperty("recency").GetInt32(), s.GetProperty("frequency").GetInt32(), s.GetProperty("monetary").GetInt32());

    public static string Counted(List<JsonElement> scores, string of) =>
        string.Join(
            ' ',
            scores
                .GroupBy(s => s.GetProperty(of).ToString())
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => $"{g.Key}:{g.Count()}")
        );

    public async Task Publish(string code, object definition) =>
        (
            await Http("segmentation.definitions.write").PutAsJsonAsync($"/api/segmentation/definitions/{code}", definition)
        ).IsSuccessStatusCode.ShouldBeTrue();

    public async Task<(JsonElement Run, List<JsonElement> Scores)> Measure(object of)
    {
        await told.Value;
        var id = await this.Run(of);
        var scores = new List<JsonElement>();
        for (var after = ""; after is not null; )
        {
            var page = await this.Get($"runs/{id}/scores?limit=200{after}");
            scores.AddRange(page.GetProperty("items").EnumerateArray());
            after = page.GetProperty("next").GetString() is { } next ? "&after=" + next : null;
        }
        return (await this.Get($"runs/{id}"), scores);
    }
}
