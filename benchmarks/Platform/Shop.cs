using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CrmPlatform.Crm;

namespace CrmPlatform.PlatformBenchmarks;

/// <summary>The sample shop as the platform knows it: its customers, and its purchases once more under new order numbers.</summary>
sealed class Shop
{
    const int Seed = 2017; // the same order in every run
    const string Number = "@order",
        Time = "@time";

    readonly Connections clients;
    readonly Uri[] portraits,
        portraitsWithProfile;
    readonly (string Before, string Between, string After)[] purchases;
    readonly string session = TimeProvider.System.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
    int portrait,
        portraitWithProfile,
        purchase;

    Shop(Connections clients, Guid[] customers, JsonObject[] purchases)
    {
        this.clients = clients;
        Customers = customers;
        portraits = Array.ConvertAll(customers, id => clients.At($"/api/customers/{id}/portrait"));
        portraitsWithProfile = Array.ConvertAll(customers, id => clients.At($"/api/customers/{id}/portrait?include=profile"));
        this.purchases = Array.ConvertAll(purchases, Cut);
    }

    public Guid[] Customers { get; }

    public Work Portrait =>
        new("portrait without profile", HttpStatusCode.OK, () => Get(portraits, ref portrait)) { Share = 0.4, Ceiling = 30 };

    public Work PortraitWithProfile =>
        new("portrait with profile", HttpStatusCode.OK, () => Get(portraitsWithProfile, ref portraitWithProfile));

    public Work Purchase => new("purchase", HttpStatusCode.Created, () => Post(clients.At("/api/customers/purchases"))) { Share = 0.3 };

    public static HttpRequestMessage Get(Uri[] addresses, ref int turn) =>
        new(HttpMethod.Get, addresses[(uint)Interlocked.Increment(ref turn) % addresses.Length]);

    /// <summary>A purchase that nobody has heard of. Its customer is named by the shop's own number, as in the sample.</summary>
    public HttpRequestMessage Post(Uri address)
    {
        var n = (uint)Interlocked.Increment(ref purchase);
        var (before, between, after) = purchases[n % purchases.Length];
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes($"{before}{session}-{n}{between}{now}{after}"));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return new(HttpMethod.Post, address) { Content = content };
    }

    public static async Task<Shop> Open(Connections clients, Instance instance, Api api, CancellationToken ct)
    {
        var customers = new List<Guid>();
        var (address, random) = ($"/api/customers?source={Sample.System}&limit=200", new Random(Seed));
        for (var after = ""; after is not null; )
        {
            var page = await api.Get(address + after, ct);
            customers.AddRange(page["items"]!.AsArray().Select(customer => customer!["id"]!.GetValue<Guid>()));
            after = page["next"]?.GetValue<string>() is { } next ? $"&after={next}" : null;
        }
        if (customers.Count < 1_000)
            throw new CrmException($"{customers.Count} customers are too few: is the sample shop loaded?");
        var (mixed, purchases) = (customers.ToArray(), Sample.Of(instance, TimeProvider.System).Purchases.ToArray());
        random.Shuffle(mixed);
        random.Shuffle(purchases);
        var shop = new Shop(clients, mixed, purchases);
        var portrait = await api.Get($"/api/customers/{mixed[0]}/portrait", ct);
        if (portrait["behaviour"]?["purchases"] is null)
            throw new CrmException($"the portrait of {mixed[0]} shows no purchase: {portrait.ToJsonString()}");
        return shop;
    }

    static (string Before, string Between, string After) Cut(JsonObject purchase)
    {
        (purchase["source"], purchase["orderNumber"], purchase["occurredAt"]) = ("bench", Number, Time);
        var text = purchase.ToJsonString();
        var (number, time) = (text.IndexOf(Number, StringComparison.Ordinal), text.IndexOf(Time, StringComparison.Ordinal));
        return number < time
            ? (text[..number], text[(number + Number.Length)..time], text[(time + Time.Length)..])
            : throw new CrmException($"an order number is expected before the time: {text}");
    }
}
