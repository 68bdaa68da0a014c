using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Customers;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Segmentation.Tests.Groups;

/// <summary>What the tests of groups say to the room and ask of it.</summary>
static class GroupWorld
{
    public static Contracts.CustomersMerged[] Linked(DateTimeOffset at, params Guid[] members)
    {
        var link = Guid.CreateVersion7();
        return [.. members.Select(m => new Contracts.CustomersMerged(m, members[0], members, link, at))];
    }

    public static Contracts.CustomersUnmerged[] Parted(DateTimeOffset at, params Guid[] members)
    {
        var link = Guid.CreateVersion7();
        return [.. members.Select(m => new Contracts.CustomersUnmerged(m, m, [m], link, at))];
    }

    public static Contracts.PurchaseReturned Returned(Contracts.PurchaseRecorded p, decimal net, bool wholly, DateTimeOffset at) =>
        new(p.CustomerId, p.PurchaseId, Guid.CreateVersion7(), "store", "USD", net, "USD", net, wholly, p.OccurredAt, at);

    public static Contracts.PurchaseRetracted Retracted(Contracts.PurchaseRecorded p) =>
        new(p.CustomerId, p.PurchaseId, p.Channel, p.Currency, p.Net, p.BaseCurrency, p.BaseNet, p.OccurredAt);

    /// <summary>A group is judged shortly after what calls for it: that, and then the views.</summary>
    public static async Task Settle(this SegmentationFixture fixture)
    {
        await fixture.CatchUp();
        await fixture.CatchUp();
    }

    /// <summary>The clock comes by, and no import is going on.</summary>
    public static Task Clocks(this SegmentationFixture fixture) =>
        fixture
            .Services.GetRequiredService<DueRunner>()
            .Run(
                new LifecycleClock(
                    fixture.Services.GetRequiredService<Yardsticks>(),
                    fixture.Services.GetRequiredService<SegmentationOptions>()
                )
                {
                    ImportIsOver = true,
                }
            );

    public static Task<JsonElement> Get(this SegmentationFixture fixture, string path) =>
        fixture.Http("segmentation.read").GetFromJsonAsync<JsonElement>("/api/segmentation/" + path);

    public static async Task<Guid> Run(this SegmentationFixture fixture, object? of = null)
    {
        var made = await fixture.Http("segmentation.run").PostAsJsonAsync("/api/segmentation/runs", of ?? new { });
        made.IsSuccessStatusCode.ShouldBeTrue(await made.Content.ReadAsStringAsync());
        await fixture.Settle();
        return (await made.Content.ReadFromJsonAsync<Changed>())!.Id;
    }

    /// <summary>What is said of a customer, without the events and instants that it comes from.</summary>
    public static async Task<string> Said(this SegmentationFixture fixture, Guid customer, bool grade = true)
    {
        var c = await fixture.Get($"customers/{customer}");
        var (rfm, stage) = (c.GetProperty("rfm"), c.GetProperty("lifecycle"));
        string Points(string of) => rfm.GetProperty(of).GetProperty("points").GetRawText();
        return string.Join(
            ' ',
            c.GetProperty("forgotten").GetRawText(),
            c.GetProperty("orders").GetRawText(),
            c.GetProperty("revenue").GetDecimal().ToString("0.00", System.Globalization.CultureInfo.InvariantCulture),
            c.GetProperty("lastOrderAt").GetRawText(),
            rfm.ValueKind == JsonValueKind.Null ? "-" : Points("recency") + Points("frequency") + Points("monetary"),
            rfm.ValueKind == JsonValueKind.Null ? "-" : rfm.GetProperty("chineseType").GetString(),
            string.Join(',', c.GetProperty("segments").EnumerateArray().Select(s => s.GetProperty("segment").GetString())),
            !grade ? ""
                : c.GetProperty("abc") is { ValueKind: JsonValueKind.Object } abc ? abc.GetProperty("grade").GetString()
                : "-",
            stage.ValueKind == JsonValueKind.Null ? "-" : $"{stage.GetProperty("stage")} {stage.GetProperty("nextAt")}"
        );
    }

    public static async Task<long> Sum(this SegmentationFixture fixture, string table) =>
        (await fixture.Get(table)).EnumerateArray().Sum(r => r.GetProperty("customers").GetInt64());

    /// <summary>What the others have heard of a customer, in its order.</summary>
    public static async Task<List<object>> Published(this SegmentationFixture fixture, Guid customer) =>
        [.. (await fixture.Store.FetchStream(customer)).Select(SegmentationFeed.Translate).OfType<OutgoingFact>().Select(f => f.Contract)];

    /// <summary>Everything that a decision looks at, but for the instants since when it is so.</summary>
    public static string Said(CustomerValue c, bool grade = true) =>
        $"{string.Join(';', c.Orders.OrderBy(o => (o.At, o.Id)))} {c.Revenue} {c.Stage} {c.DueAt:O} {c.Scores} {c.ChineseType} {c.Segment} "
        + $"{(grade ? c.Grade : null)} {c.InGroup} {c.Suspended}";
}
