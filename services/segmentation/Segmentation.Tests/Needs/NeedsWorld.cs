using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Needs;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.Needs;

/// <summary>What the tests of needs say to the room and ask of it.</summary>
static class NeedsWorld
{
    /// <summary>So many orders, a day apart, the last a day ago; the first of them discounted.</summary>
    public static Contracts.PurchaseRecorded[] Orders(Guid customer, int orders, int discounted, DateTimeOffset now) =>
        [.. Enumerable.Range(0, orders).Select(i => Order(customer, i < discounted, now.AddDays(i - orders)))];

    public static Contracts.PurchaseRecorded Order(Guid customer, bool discounted, DateTimeOffset at) =>
        LifeOfTheRoomTests.Purchase(customer, 20, at) with
        {
            Lines = [new("tea", "drinks", 1, 10), new("mug", "kitchen", 1, 10, Discount: discounted ? 2 : 0)],
        };

    public static async Task<Guid> Someone(this SegmentationFixture fixture, int orders = 0, int discounted = 0)
    {
        var (id, now) = (Guid.CreateVersion7(), fixture.Clock.GetUtcNow());
        await fixture.Hear(
            "customers",
            [new Contracts.CustomerRegistered(id, "individual", null, now.AddDays(-400)), .. Orders(id, orders, discounted, now)]
        );
        return id;
    }

    public static async Task<Guid> JudgeNeeds(
        this SegmentationFixture fixture,
        DateOnly? asOf = null,
        HttpStatusCode expected = HttpStatusCode.Created
    )
    {
        var answer = await fixture.Http("segmentation.run").PostAsJsonAsync("/api/segmentation/needs/runs", new { asOf });
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
        await fixture.Settle();
        return (await answer.Content.ReadFromJsonAsync<Changed>())!.Id;
    }

    public static async Task<HttpResponseMessage> SayNeed(
        this SegmentationFixture fixture,
        Guid customer,
        string what,
        object? body = null
    ) =>
        await fixture
            .Http("segmentation.needs.write")
            .PostAsJsonAsync($"/api/segmentation/customers/{customer}/needs/{what}", body ?? new { });

    /// <summary>State and band of the need for low prices.</summary>
    public static async Task<string> Price(this SegmentationFixture fixture, Guid customer)
    {
        var price = await fixture.PriceShown(customer);
        return $"{price.GetProperty("state").GetString()} {price.GetProperty("band").GetString()}".TrimEnd();
    }

    public static async Task<JsonElement> PriceShown(this SegmentationFixture fixture, Guid customer) =>
        (await fixture.Get($"customers/{customer}/needs"))
            .GetProperty("needs")
            .EnumerateArray()
            .Single(n => n.GetProperty("code").GetString() == "price");

    /// <summary>What the others have heard of a customer's needs, in its order: code, origin and band.</summary>
    public static async Task<List<string>> ToldOfNeeds(this SegmentationFixture fixture, Guid customer) =>
        [
            .. (await fixture.Store.FetchStream(CustomerNeeds.Of(customer).Id))
                .Select(SegmentationFeed.Translate)
                .OfType<OutgoingFact>()
                .Select(f => (Contracts.NeedsChanged)f.Contract)
                .Select(c => string.Join(", ", c.Needs.Select(n => $"{n.Code} {n.Origin} {n.Band}".TrimEnd()))),
        ];

    /// <summary>Who is in the list of those who care about prices, of these.</summary>
    public static async Task<List<Guid>> Listed(this SegmentationFixture fixture, string query, params Guid[] of) =>
        [
            .. (await fixture.Get($"needs/price/customers?limit=200{query}"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(c => c.GetProperty("customerId").GetGuid())
                .Where(of.Contains),
        ];
}
