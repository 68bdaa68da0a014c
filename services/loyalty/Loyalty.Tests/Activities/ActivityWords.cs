using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Loyalty.Tests.Activities;

/// <summary>The words in which tests speak of activities to the room.</summary>
static class ActivityWords
{
    public static object Plan(int capacity = 10, string? minimumTier = null, DateTimeOffset? at = null, long points = 30) =>
        new
        {
            titles = new Dictionary<string, string> { ["zh-CN"] = "品茶会", ["en"] = "Tea tasting" },
            place = "Hangzhou",
            startsAt = at ?? LoyaltyRoom.Now.AddHours(1),
            endsAt = (at ?? LoyaltyRoom.Now.AddHours(1)).AddHours(3),
            capacity,
            signUpFrom = LoyaltyRoom.Now.AddDays(-1),
            signUpUntil = at ?? LoyaltyRoom.Now.AddHours(1),
            minimumTier,
            attendancePoints = points,
        };

    public static async Task<Guid> Planned(this LoyaltyRoom room, object plan)
    {
        var answer = await room.Everything.PostAsJsonAsync("/api/loyalty/activities", plan);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    public static async Task<Guid[]> Members(this LoyaltyRoom room, int count)
    {
        var members = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        await room.Hear("customers", [.. members.Select(LoyaltyRoom.Registered)]);
        return members;
    }

    public static async Task<HttpResponseMessage> Post(
        this LoyaltyRoom room,
        string path,
        object? body = null,
        string? key = null,
        string? ifMatch = null,
        HttpMethod? method = null
    )
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Post, "/api/loyalty/activities/" + path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await room.Everything.SendAsync(request);
    }

    public static Task<HttpResponseMessage> Join(this LoyaltyRoom room, Guid activity, Guid customer, string? key = null) =>
        room.Post($"{activity}/members", new { customerId = customer }, key);

    public static async Task<(Guid Customer, string State, long? Position)[]> List(
        this LoyaltyRoom room,
        Guid activity,
        string query = ""
    ) =>
        [
            .. (await room.Get($"activities/{activity}/members?limit=200{query}"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(m =>
                    (
                        m.GetProperty("customerId").GetGuid(),
                        m.GetProperty("state").GetString()!,
                        m.TryGetProperty("position", out var p) && p.ValueKind == JsonValueKind.Number ? p.GetInt64() : (long?)null
                    )
                ),
        ];

    public static async Task Problem(HttpResponseMessage answer, int status, string code)
    {
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, body);
        JsonSerializer.Deserialize<JsonElement>(body).GetProperty("type").GetString().ShouldBe("urn:crm:" + code);
    }
}
