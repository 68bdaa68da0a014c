using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Customers;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests;

/// <summary>Customers who leave the population: all came back, or they were forgotten. A room of its own: its counts matter.</summary>
public class LeavingTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    HttpClient Reader => fixture.Http("segmentation.read", "segmentation.run");

    async Task<JsonElement> Get(string path) => await Reader.GetFromJsonAsync<JsonElement>("/api/segmentation/" + path);

    async Task<Guid> Run()
    {
        var made = await Reader.PostAsJsonAsync("/api/segmentation/runs", new { });
        made.IsSuccessStatusCode.ShouldBeTrue(await made.Content.ReadAsStringAsync());
        await fixture.CatchUp();
        return (await made.Content.ReadFromJsonAsync<Changed>())!.Id;
    }

    async Task<long> Sum(string table) => (await Get(table)).EnumerateArray().Sum(r => r.GetProperty("customers").GetInt64());

    [Fact]
    public async Task who_returned_all_or_is_forgotten_leaves_scores_grades_and_counts()
    {
        var now = fixture.Clock.GetUtcNow();
        Guid[] all = [.. Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7())];
        Contracts.PurchaseRecorded[] purchases = [.. all.Select((c, i) => Purchase(c, 100 * (i + 1), now.AddDays(-i - 2)))];
        await fixture.Hear("customers", [.. purchases]);
        var run = await Run();
        (await Sum("abc"), await Sum("lifecycle")).ShouldBe((5, 5));

        await fixture.Hear(
            "customers",
            new Contracts.PurchaseReturned(
                all[0],
                purchases[0].PurchaseId,
                Guid.CreateVersion7(),
                "store",
                "USD",
                100,
                "USD",
                100,
                WhollyReturned: true,
                purchases[0].OccurredAt,
                now.AddMinutes(-5)
            )
        );
        await fixture.CatchUp();
        var gone = await Get($"customers/{all[0]}");
        (gone.GetProperty("abc").ValueKind, gone.GetProperty("rfm").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
        (await Sum("abc"), await Sum("segments"), await Sum("types")).ShouldBe((4, 4, 4));
        (await Run(), (await Get($"customers/{all[0]}")).GetProperty("abc").ValueKind).Item2.ShouldBe(JsonValueKind.Null);

        // Forgotten, and a purchase is told afterwards.
        await fixture.Hear("customers", new Contracts.CustomerForgotten(all[1], now.AddMinutes(-4)));
        var before = (await fixture.Store.FetchStream(all[1])).Count;
        await fixture.Hear("customers", Purchase(all[1], 70, now.AddMinutes(-3)));
        await fixture.CatchUp();
        (await fixture.Store.FetchStream(all[1])).Count.ShouldBe(before, "no fact of a forgotten customer is recorded");
        (await Sum("abc"), await Sum("segments"), await Sum("types"), await Sum("lifecycle")).ShouldBe((3, 3, 3, 4));
        (await Get("summary")).GetProperty("customers").GetInt64().ShouldBe(4);
        Items(await Get($"runs/{run}/scores")).ShouldNotContain(s => s.GetProperty("customerId").GetGuid() == all[1]);
        await fixture.Hear("customers", Purchase(all[2], 10, now.AddMinutes(-2)));
        var last = await Run();
        (await Get($"runs/{last}")).GetProperty("customers").GetInt32().ShouldBe(3);
        Items(await Get($"runs/{last}/scores")).Count.ShouldBe(3);
    }

    static List<JsonElement> Items(JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];
}
