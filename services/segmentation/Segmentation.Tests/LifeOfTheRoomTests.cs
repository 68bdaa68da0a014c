using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Segmentation.Tests;

/// <summary>One life of the room over the real database and broker.</summary>
public class LifeOfTheRoomTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    static readonly Guid anna = Guid.CreateVersion7(),
        bert = Guid.CreateVersion7(),
        carla = Guid.CreateVersion7(),
        paul = Guid.CreateVersion7();

    HttpClient Reader => fixture.Http("segmentation.read", "segmentation.run");

    internal static Contracts.PurchaseRecorded Purchase(Guid? customer, decimal net, DateTimeOffset at, Guid? id = null) =>
        new(customer, id ?? Guid.CreateVersion7(), "shop", "1", "store", "USD", net, "USD", net, 1, [], at);

    async Task<JsonElement> Get(string path) => await Reader.GetFromJsonAsync<JsonElement>("/api/segmentation/" + path);

    [Fact]
    public async Task purchases_become_scores_grades_stages_and_segments()
    {
        var now = fixture.Clock.GetUtcNow();
        var returned = Guid.CreateVersion7();
        await fixture.Hear(
            "customers",
            new Contracts.CustomerRegistered(anna, "individual", null, now.AddDays(-40)),
            new Contracts.CustomerRegistered(paul, "individual", null, now.AddDays(-1)),
            Purchase(anna, 900, now.AddDays(-30)),
            Purchase(anna, 100, now.AddDays(-2)),
            Purchase(bert, 100, now.AddDays(-20)),
            Purchase(carla, 50, now.AddDays(-9)),
            Purchase(carla, 0, now.AddDays(-8), returned),
            Purchase(null, 77, now.AddDays(-1))
        );
        await fixture.CatchUp();

        // A run tells everybody, and the same day, definition and data are the same run.
        var made = await Reader.PostAsJsonAsync("/api/segmentation/runs", new { });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var run = (await made.Content.ReadFromJsonAsync<Changed>())!.Id;
        (await Reader.PostAsJsonAsync("/api/segmentation/runs", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await fixture.CatchUp();
        var seen = await Get($"runs/{run}");
        seen.GetProperty("customers").GetInt32().ShouldBe(3);
        seen.GetProperty("publishedAt").ValueKind.ShouldBe(JsonValueKind.String);
        seen.GetProperty("customersChanged").GetInt32().ShouldBe(3);
        seen.GetProperty("thresholds").GetProperty("monetary").GetArrayLength().ShouldBe(4);
        (await Get("runs")).GetProperty("items").EnumerateArray().First().GetProperty("id").GetGuid().ShouldBe(run);

        var customer = await Get($"customers/{anna}");
        customer.GetProperty("revenue").GetDecimal().ShouldBe(1000);
        customer.GetProperty("abc").GetProperty("grade").GetString().ShouldBe("A");
        customer.GetProperty("lifecycle").GetProperty("stage").GetString().ShouldBe("Repeat");
        customer.GetProperty("rfm").GetProperty("recency").GetProperty("points").GetInt32().ShouldBe(4, "1 + ⌊5 · 2 / 3⌋");
        customer.GetProperty("segments")[0].GetProperty("reason").GetString().ShouldStartWith("R=4;F=");
        (await Get($"customers/{paul}")).GetProperty("lifecycle").GetProperty("stage").GetString().ShouldBe("Prospect");
        (await Get($"customers/{bert}")).GetProperty("abc").GetProperty("grade").GetString().ShouldBe("B", "100 of 1,150 after 87 %");

        var scores = (await Get($"runs/{run}/scores"))
            .GetProperty("items")
            .EnumerateArray()
            .ToDictionary(s => s.GetProperty("customerId").GetGuid());
        scores.Count.ShouldBe(3);
        scores[anna].GetProperty("segment").GetString().ShouldBe(customer.GetProperty("rfm").GetProperty("segment").GetString());

        // Live: the next purchase is scored at once against the run's cut-off values; the grade waits for the next run.
        await fixture.Hear("customers", Purchase(bert, 5000, now.AddMinutes(-1)));
        await fixture.CatchUp();
        var live = await Get($"customers/{bert}");
        live.GetProperty("rfm").GetProperty("live").GetBoolean().ShouldBeTrue();
        live.GetProperty("rfm").GetProperty("monetary").GetProperty("points").GetInt32().ShouldBe(5);
        live.GetProperty("abc").GetProperty("grade").GetString().ShouldBe("B");
        live.GetProperty("rfm").GetProperty("runId").GetGuid().ShouldBe(run);

        // The run's own scores are reproduced, whatever came later.
        (await Get($"runs/{run}/scores?customer={bert}"))
            .GetProperty("items")[0]
            .GetProperty("revenue")
            .GetDecimal()
            .ShouldBe(100);

        // A wholly returned order leaves F.
        await fixture.Hear(
            "customers",
            new Contracts.PurchaseReturned(carla, returned, Guid.CreateVersion7(), "store", "USD", 0, "USD", 0, true, now.AddDays(-8), now)
        );
        await fixture.CatchUp();
        (await Get($"customers/{carla}")).GetProperty("orders").GetInt32().ShouldBe(1);

        // Looking back is a report: it publishes nothing.
        var report = await Reader.PostAsJsonAsync(
            "/api/segmentation/runs",
            new { asOf = DateOnly.FromDateTime(now.AddDays(-15).UtcDateTime) }
        );
        var back = (await report.Content.ReadFromJsonAsync<Changed>())!.Id;
        (await Get($"runs/{back}")).GetProperty("publishes").GetBoolean().ShouldBeFalse();
        (await Get($"runs/{back}")).GetProperty("customers").GetInt32().ShouldBe(2);
        (await Get("summary")).GetProperty("lastRun").GetProperty("id").GetGuid().ShouldBe(run);

        // Silence: the clock dates its steps at the thresholds.
        fixture.Clock.Advance(TimeSpan.FromDays(120));
        (await fixture.RunDue<LifecycleClock>()).ShouldBe(3);
        (await fixture.RunDue<LifecycleClock>()).ShouldBe(0);
        await fixture.CatchUp();
        var dormant = (await Get($"customers/{anna}")).GetProperty("lifecycle");
        dormant.GetProperty("stage").GetString().ShouldBe("Dormant");
        dormant.GetProperty("since").GetDateTimeOffset().ShouldBe(now.AddDays(-2 + 90), TimeSpan.FromMilliseconds(1));

        // The night after, all are scored by themselves, once.
        var nightly = fixture.Services.GetRequiredService<NightlyRun>();
        (await nightly.Tick(default)).ShouldNotBeNull();
        (await nightly.Tick(default)).ShouldBeNull();
        await fixture.CatchUp();

        var summary = await Get("summary");
        summary.GetProperty("customers").GetInt64().ShouldBe(4);
        summary.GetProperty("lifecycle").GetProperty("Dormant").GetInt64().ShouldBe(3);
        summary.GetProperty("rfmSegments").EnumerateObject().Sum(s => s.Value.GetInt64()).ShouldBe(3);
        summary.GetProperty("chineseTypes").EnumerateObject().Sum(s => s.Value.GetInt64()).ShouldBe(3);
        summary.GetProperty("abc").GetProperty("A").GetInt64().ShouldBe(1);
        summary.GetProperty("lastRun").GetProperty("id").GetGuid().ShouldNotBe(run);
        var segment = (await Get($"customers/{bert}")).GetProperty("segments")[0].GetProperty("segment").GetString()!;
        (await Get($"segments/{Uri.EscapeDataString(segment)}/members"))
            .GetProperty("items")
            .EnumerateArray()
            .ShouldContain(m => m.GetProperty("customerId").GetGuid() == bert);
        (await Get("segments")).GetArrayLength().ShouldBe(11);
        foreach (var table in new[] { "types", "abc", "lifecycle" })
            (await Get(table)).EnumerateArray().Sum(r => r.GetProperty("customers").GetInt64()).ShouldBe(table == "lifecycle" ? 4 : 3);

        var held = await fixture.Http("personal.export").GetFromJsonAsync<JsonElement>($"/api/segmentation/customers/{bert}/personal");
        held.GetProperty("facts").EnumerateArray().Count(f => f.GetProperty("fact").GetString() == "purchase_counted").ShouldBe(2);

        // Forgotten: said to customers, in no list and no count.
        await fixture.Hear("customers", new Contracts.CustomerForgotten(bert, fixture.Clock.GetUtcNow()));
        await fixture.CatchUp();
        (await Get($"segments/{Uri.EscapeDataString(segment)}/members"))
            .GetProperty("items")
            .EnumerateArray()
            .ShouldNotContain(m => m.GetProperty("customerId").GetGuid() == bert);
        (await Get("summary")).GetProperty("customers").GetInt64().ShouldBe(3);
        (await fixture.Store.FetchStream(bert))
            .Select(SegmentationFeed.Translate)
            .OfType<OutgoingFact>()
            .Last()
            .Contract.ShouldBeOfType<Contracts.PersonalDataErased>();
    }
}
