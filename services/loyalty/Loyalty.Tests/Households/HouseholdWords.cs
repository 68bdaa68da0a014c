using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Loyalty.Households;

namespace CrmPlatform.Loyalty.Tests.Households;

/// <summary>The words in which tests speak of households to the room.</summary>
static class HouseholdWords
{
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

    public static Task<HttpResponseMessage> Send(this LoyaltyRoom room, Guid from, Guid to, long points, string? key = null) =>
        room.Post($"accounts/{from}/transfers", new { toCustomerId = to, points }, key);

    public static async Task<Guid> Founded(this LoyaltyRoom room, params Guid[] members)
    {
        var answer = await room.Post("households", new { headId = members[0] });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        foreach (var member in members[1..])
        {
            (await room.Post($"households/{id}/members", new { customerId = member })).StatusCode.ShouldBe(HttpStatusCode.Created);
            (await room.Post($"households/{id}/members/{member}/accept")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        return id;
    }

    public static async Task<(Guid Customer, string State)[]> Members(this LoyaltyRoom room, Guid household) =>
        [
            .. (await room.Get($"households/{household}"))
                .GetProperty("members")
                .EnumerateArray()
                .Select(m => (m.GetProperty("customerId").GetGuid(), m.GetProperty("state").GetString()!)),
        ];

    public static async Task Problem(HttpResponseMessage answer, int status, string code, string? field = null)
    {
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, body);
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        problem.GetProperty("type").GetString().ShouldBe("urn:crm:" + code);
        if (field is not null)
            problem.GetProperty("field").GetString().ShouldBe(field);
    }

    public static async Task<long[]> Figures(this LoyaltyRoom room, Guid customer, string query = "")
    {
        var a = await room.Get($"accounts/{customer}{query}");
        long Of(string name) => a.GetProperty(name).GetInt64();
        Of("balance").ShouldBe(Of("earned") + Of("transferredIn") - Of("transferredOut") - Of("redeemed") - Of("expired") - Of("reversed"));
        Of("balance").ShouldBe(Of("available") + Of("pending") - Of("debt"));
        return [Of("balance"), Of("earned"), Of("transferredIn"), Of("transferredOut")];
    }

    public static EventStore Process(this LoyaltyRoom room) =>
        new(
            room.Db,
            new EventStoreOptions()
                .Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", 3)
                .Aggregate<Belonging, IBelongingEvent>("household_member")
                .Inline(new LedgerView()),
            room.Clock
        );
}
