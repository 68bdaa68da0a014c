using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Loyalty.Referrals;

namespace CrmPlatform.Loyalty.Tests.Referrals;

/// <summary>The words in which tests speak of referrals to the room.</summary>
static class ReferralWords
{
    public static async Task<Guid[]> Members(this LoyaltyRoom room, int count)
    {
        var members = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        await room.Hear("customers", [.. members.Select(LoyaltyRoom.Registered)]);
        return members;
    }

    public static Task<HttpResponseMessage> Refer(
        this LoyaltyRoom room,
        Guid referee,
        Guid? referrerId = null,
        string? code = null,
        string? key = null
    ) =>
        room.Post(
            "referrals",
            new
            {
                refereeId = referee,
                referrerId,
                code,
            },
            key
        );

    public static async Task<HttpResponseMessage> Post(this LoyaltyRoom room, string path, object? body = null, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/loyalty/" + path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await room.Everything.SendAsync(request);
    }

    public static async Task<JsonElement[]> List(this LoyaltyRoom room, string query) =>
        [.. (await room.Get("referrals?limit=200&" + query)).GetProperty("items").EnumerateArray()];

    public static async Task<(string? Status, string? Reason)> Status(this LoyaltyRoom room, Guid referee) =>
        (await room.List($"refereeId={referee}")) is [var r]
            ? (r.GetProperty("status").GetString(), r.GetProperty("reason").GetString())
            : default;

    public static async Task Problem(HttpResponseMessage answer, int status, string code, string? field = null)
    {
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, body);
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        problem.GetProperty("type").GetString().ShouldBe("urn:crm:" + code);
        if (field is not null)
            problem.GetProperty("field").GetString().ShouldBe(field);
    }

    public static async Task Later(this LoyaltyRoom room, int days, Func<Task> what)
    {
        room.Clock.Advance(TimeSpan.FromDays(days));
        try
        {
            await what();
        }
        finally
        {
            room.Clock.Advance(TimeSpan.FromDays(-days));
        }
    }

    public static EventStore Process(this LoyaltyRoom room) =>
        new(
            room.Db,
            new EventStoreOptions()
                .Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", 3)
                .Aggregate<ReferralMember, IReferralEvent>("referral", 1)
                .Inline(new LedgerView())
                .Inline(new ReferralView()),
            room.Clock
        );
}
