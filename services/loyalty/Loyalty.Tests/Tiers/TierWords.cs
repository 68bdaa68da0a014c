using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;

namespace CrmPlatform.Loyalty.Tests.Tiers;

/// <summary>The words in which tests speak of tiers to the room.</summary>
static class TierWords
{
    public static Task<HttpResponseMessage> Post(this LoyaltyRoom room, string path, object body) =>
        room.Everything.PostAsJsonAsync("/api/loyalty/" + path, body);

    public static async Task<JsonElement> Ok(this LoyaltyRoom room, string path, object body)
    {
        var answer = await room.Post(path, body);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task<(string Code, string? Field)> Refused(this LoyaltyRoom room, string path, object body)
    {
        var answer = await room.Post(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, await answer.Content.ReadAsStringAsync());
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (
            problem.GetProperty("type").GetString()!.Split('/', ':')[^1],
            problem.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().First().Name : null
        );
    }

    public static async Task<long> Events(this LoyaltyRoom room)
    {
        await using var connection = await room.Db.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from mt_events");
    }

    public static async Task<string> Tier(this LoyaltyRoom room, Guid customer) =>
        (await room.Get($"accounts/{customer}")).GetProperty("tier").GetString()!;
}
