using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>The running room, and the words in which tests speak to it.</summary>
public class LoyaltyRoom : ServiceFixture<Program>
{
    /// <summary>In microseconds, as PostgreSQL keeps it.</summary>
    public static DateTimeOffset Now =>
        TimeProvider.System.GetUtcNow() is var now ? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)) : default;

    public HttpClient Everything =>
        Http(
            "loyalty.read",
            "loyalty.points.redeem",
            "loyalty.points.adjust",
            "loyalty.points.approve",
            "loyalty.points.unlock",
            "loyalty.actions.write",
            "loyalty.rules.publish",
            "loyalty.rules.preview",
            "loyalty.tiers.write",
            "loyalty.activities.manage",
            "loyalty.activities.join",
            "loyalty.referrals.write",
            "loyalty.households.write",
            "loyalty.points.transfer",
            "loyalty.import",
            "loyalty.export",
            "loyalty.messages.read",
            "personal.read",
            "personal.audit",
            "personal.export"
        );

    protected override bool DescribesItsProblems => true;

    /// <summary>Tests say when messages leave.</summary>
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Sending:Every"] = "1.00:00:00" };

    /// <summary>A customer who bought something for each of these amounts, a day apart, the last one yesterday.</summary>
    public async Task<Guid> Customer(params decimal[] amounts)
    {
        var customer = Guid.CreateVersion7();
        await Hear(
            "customers",
            [Registered(customer), .. amounts.Select((net, i) => Purchase(customer, net, Now.AddDays(i - amounts.Length)))]
        );
        return customer;
    }

    public static Contracts.CustomerRegistered Registered(Guid customer) => new(customer, "individual", null, Now.AddDays(-100));

    public static Contracts.PurchaseRecorded Purchase(Guid? customer, decimal net, DateTimeOffset? at = null) =>
        new(
            customer,
            Guid.CreateVersion7(),
            "test",
            Guid.CreateVersion7().ToString(),
            "web",
            "USD",
            net,
            "USD",
            net,
            1,
            [],
            at ?? Now.AddDays(-1)
        );

    public static Contracts.PurchaseReturned Return(Contracts.PurchaseRecorded purchase, decimal net) =>
        new(
            purchase.CustomerId,
            purchase.PurchaseId,
            Guid.CreateVersion7(),
            "web",
            "USD",
            net,
            "USD",
            net,
            net == purchase.Net,
            purchase.OccurredAt,
            Now
        );

    public async Task<JsonElement> Get(string path)
    {
        var answer = await Everything.GetAsync("/api/loyalty/" + path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<long> Balance(Guid customer) => (await Get($"accounts/{customer}")).GetProperty("balance").GetInt64();

    public Task<HttpResponseMessage> Redeem(Guid customer, long points, string? key = null, HttpClient? http = null, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/loyalty/accounts/{customer}/redemptions")
        {
            Content = JsonContent.Create(new { points, purpose = "voucher" }),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return (http ?? Everything).SendAsync(request);
    }
}

[CollectionDefinition("loyalty")]
public sealed class LoyaltyCollection : ICollectionFixture<LoyaltyRoom>;
