using System.Text.Json;

namespace CrmPlatform.Loyalty.Tests.Groups;

/// <summary>The words in which tests speak of customers who are one person.</summary>
static class GroupWords
{
    /// <param name="members">The survivor first.</param>
    public static Task Merge(this LoyaltyRoom room, params Guid[] members) => room.Hear("customers", [.. GroupsTold.Merged(members)]);

    /// <summary>Each of them is alone again.</summary>
    public static Task Part(this LoyaltyRoom room, params Guid[] members) =>
        room.Hear("customers", [.. GroupsTold.Unmerged([.. members.Select(m => new[] { m })])]);

    public static HttpClient Shops(this LoyaltyRoom room) =>
        room.Http(
            "loyalty.points.redeem",
            "loyalty.points.adjust",
            "loyalty.referrals.write",
            "loyalty.rewards.manage",
            "loyalty.rewards.reserve"
        );

    public static async Task<JsonElement[]> Items(this LoyaltyRoom room, string path) =>
        [.. (await room.Get(path)).GetProperty("items").EnumerateArray()];

    public static Guid Customer(this JsonElement item) => item.GetProperty("customerId").GetGuid();

    public static long Long(this JsonElement item, string name) => item.GetProperty(name).GetInt64();
}
