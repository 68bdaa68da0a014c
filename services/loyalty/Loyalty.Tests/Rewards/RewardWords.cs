using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Loyalty.Tests.Rewards;

/// <summary>The words in which tests speak of rewards.</summary>
static class RewardWords
{
    static int made;

    public static readonly Guid RewardId = Loyalty.Rewards.Reward.IdOf("mug");
    public static readonly Guid Member = Given.Id(77),
        Order = Given.Id(88);
    public static readonly RewardRules Lasting = new() { ReservationLasts = TimeSpan.FromMinutes(15) };

    public static Offer Offer(
        long price = 100,
        RewardKind kind = RewardKind.Goods,
        int? perMember = null,
        int? validDays = null,
        Dictionary<string, long>? tierPrices = null,
        string[]? notFor = null,
        DateTimeOffset? from = null,
        DateTimeOffset? until = null
    ) =>
        new(
            new Dictionary<string, string> { ["en"] = "A mug", ["zh"] = "马克杯" },
            kind,
            price,
            tierPrices,
            notFor,
            perMember,
            from,
            until,
            validDays ?? (Loyalty.Rewards.Offer.IssuesCode(kind) ? 30 : null)
        );

    public static Reward Reward(Offer? offer = null, long? stock = null) =>
        new Reward().Evolve(new RewardCreated("mug", offer ?? Offer(), stock, Given.Day(0))).Evolve(new RewardPublished(Given.Day(0)));

    public static RewardOrder Reserved(Offer? offer = null, DateTimeOffset? at = null) =>
        RewardOrder.Initial.Evolve(
            new ReserveReward(Member, RewardId)
                .Decide(
                    Order,
                    RewardOrder.Initial,
                    Reward(offer),
                    Allowance.Initial,
                    Given.Earned(300),
                    Given.Rules(),
                    Lasting,
                    at ?? Given.Day(3)
                )
                .Order[0]
        );

    /// <summary>Whole facts, compared by value.</summary>
    public static void Happened<T>(this T[] facts, params T[] expected)
        where T : class => facts.Select(Text).ShouldBe(expected.Select(Text));

    static string Text<T>(T fact)
        where T : class => $"{fact.GetType().Name} {JsonSerializer.Serialize(fact, fact.GetType())}";

    public static HttpClient Shop(this LoyaltyRoom room) =>
        room.Http("loyalty.read", "loyalty.rewards.manage", "loyalty.rewards.reserve", "loyalty.points.redeem", "personal.export");

    /// <summary>A published reward with a code of its own.</summary>
    public static async Task<Guid> NewReward(this LoyaltyRoom room, Offer offer, long? stock = null)
    {
        var http = room.Shop();
        var answer = await http.Say(
            "rewards",
            new
            {
                code = $"reward-{Interlocked.Increment(ref made)}",
                offer,
                stock,
            }
        );
        ((int)answer.StatusCode).ShouldBe(201, await answer.Content.ReadAsStringAsync());
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        (await http.Say($"rewards/{id}/publish")).EnsureSuccessStatusCode();
        return id;
    }

    public static async Task<HttpResponseMessage> Say(
        this HttpClient http,
        string path,
        object? body = null,
        string? key = null,
        string? ifMatch = null,
        string method = "POST"
    )
    {
        var request = new HttpRequestMessage(new(method), "/api/loyalty/" + path)
        {
            Content = body is null ? null : JsonContent.Create(body, options: Wire),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await http.SendAsync(request);
    }

    public static async Task<Guid> Ordered(this LoyaltyRoom room, Guid customer, Guid reward)
    {
        var answer = await room.Shop().Say("orders", new { customerId = customer, rewardId = reward });
        ((int)answer.StatusCode).ShouldBe(201, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    /// <summary>"created", "ok", or the code of the rule that refused.</summary>
    public static async Task<string> Outcome(this Task<HttpResponseMessage> asked)
    {
        var answer = await asked;
        if (answer.IsSuccessStatusCode)
            return answer.StatusCode == System.Net.HttpStatusCode.Created ? "created" : "ok";
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return $"{(int)answer.StatusCode} {problem.GetProperty("type").GetString()!["urn:crm:".Length..]}";
    }

    public static async Task<string> Status(this LoyaltyRoom room, Guid order) =>
        (await room.Get($"orders/{order}")).GetProperty("status").GetString()!;

    public static async Task<long> Stock(this LoyaltyRoom room, Guid reward) =>
        (await room.Get($"rewards/{reward}")).GetProperty("stock").GetInt64();

    public static async Task<string> Code(this LoyaltyRoom room, Guid order) =>
        (await (await room.Shop().GetAsync($"/api/loyalty/orders/{order}/coupon")).Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("code")
            .GetString()!;

    static JsonSerializerOptions Wire { get; } =
        new(EventStoreOptions.Json)
        {
            Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };
}
