using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Loyalty.Tests.Rewards;
using Dapper;

namespace CrmPlatform.Loyalty.Tests;

[Collection("loyalty")]
public class RedemptionTests(LoyaltyRoom room)
{
    [Fact]
    public async Task points_are_redeemed_seen_and_given_back()
    {
        var customer = await room.Customer(100, 50);
        var made = await room.Redeem(customer, 120);
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        made.Headers.ETag!.Tag.ShouldBe("\"6\"");
        (await room.Balance(customer)).ShouldBe(30);
        var shown = await (await room.Everything.GetAsync(made.Headers.Location)).Content.ReadFromJsonAsync<JsonElement>();
        (shown.GetProperty("points").GetInt64(), shown.GetProperty("purpose").GetString()).ShouldBe((120, "voucher"));

        for (var i = 0; i < 2; i++)
        {
            (await room.Everything.PostAsync($"{made.Headers.Location}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await room.Balance(customer)).ShouldBe(150);
        }
        shown = await (await room.Everything.GetAsync(made.Headers.Location)).Content.ReadFromJsonAsync<JsonElement>();
        shown.GetProperty("cancelledAt").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task a_keyed_redemption_without_an_account_is_404_each_time()
    {
        var nobody = Guid.CreateVersion7();
        for (var i = 0; i < 2; i++)
            (await room.Redeem(nobody, 60, key: "nobody")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var customer = await room.Customer(100);
        for (var i = 0; i < 2; i++)
        {
            var answer = await room.Everything.Say($"accounts/{customer}/redemptions/{nobody}/cancel", key: "nothing");
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task the_same_key_gives_the_first_answer_again_and_another_body_is_a_409()
    {
        var customer = await room.Customer(100);
        var first = await (await room.Redeem(customer, 60, key: "k1")).Content.ReadAsStringAsync();
        (await (await room.Redeem(customer, 60, key: "k1")).Content.ReadAsStringAsync()).ShouldBe(first);
        (await room.Balance(customer)).ShouldBe(40);
        (await room.Redeem(customer, 61, key: "k1")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await room.Redeem(customer, 60, key: "k2")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task an_answer_that_a_crash_swallowed_is_about_what_was_made()
    {
        var customer = await room.Customer(100);
        var made = await (await room.Redeem(customer, 60, key: "swallowed")).Content.ReadFromJsonAsync<JsonElement>();
        await using (var connection = await room.Db.OpenConnectionAsync())
            // As it is between the commit and the note of the answer.
            (
                await connection.ExecuteAsync(
                    "update idempotency_keys set answered = false, location = null where stream_id = @customer",
                    new { customer }
                )
            ).ShouldBe(1);
        var again = await room.Redeem(customer, 60, key: "swallowed");
        again.IsSuccessStatusCode.ShouldBeTrue();
        var answer = await again.Content.ReadFromJsonAsync<JsonElement>();
        (answer.GetProperty("id").GetGuid(), answer.GetProperty("version").GetInt64()).ShouldBe(
            (made.GetProperty("id").GetGuid(), made.GetProperty("version").GetInt64())
        );
        (await room.Balance(customer)).ShouldBe(40);
    }

    [Fact]
    public async Task of_32_at_once_exactly_as_many_succeed_as_the_balance_allows()
    {
        var customer = await room.Customer(470);
        var http = room.Everything;
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => room.Redeem(customer, 50, http: http)));
        answers
            .CountBy(a => a.StatusCode)
            .ToDictionary()
            .ShouldBe(
                new Dictionary<HttpStatusCode, int> { [HttpStatusCode.Created] = 9, [HttpStatusCode.UnprocessableEntity] = 23 },
                ignoreOrder: true
            );
        (await room.Balance(customer)).ShouldBe(20);
    }

    [Fact]
    public async Task one_key_a_hundred_times_at_once_is_one_redemption()
    {
        var customer = await room.Customer(470);
        var http = room.Everything;
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => room.Redeem(customer, 50, "once", http)));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created);
        (await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct().Count().ShouldBe(1);
        (await room.Balance(customer)).ShouldBe(420);
    }

    [Fact]
    public async Task a_stale_version_is_a_412_and_the_shown_one_passes()
    {
        var customer = await room.Customer(100);
        var tag = (await room.Everything.GetAsync($"/api/loyalty/accounts/{customer}")).Headers.ETag!.Tag;
        (await room.Redeem(customer, 10, ifMatch: tag)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await room.Redeem(customer, 10, ifMatch: tag)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task the_statement_is_paged_filtered_and_adds_up()
    {
        var customer = await room.Customer(600, 50);
        await room.Redeem(customer, 120);
        await room.CatchUp();
        var all = (await room.Get($"accounts/{customer}/statement")).GetProperty("items").EnumerateArray().ToArray();
        all.Select(e => e.GetProperty("kind").GetString()).ShouldBe(["redeemed", "earned", "tier", "earned", "opened"]);
        all.Sum(e => e.GetProperty("points").GetInt64()).ShouldBe(530);

        var page = await room.Get($"accounts/{customer}/statement?limit=2");
        page.GetProperty("items").GetArrayLength().ShouldBe(2);
        var rest = await room.Get($"accounts/{customer}/statement?limit=3&after={page.GetProperty("next").GetString()}");
        rest.GetProperty("items").EnumerateArray().Last().GetProperty("kind").GetString().ShouldBe("opened");
        rest.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);

        (await room.Get($"accounts/{customer}/statement?kind=earned")).GetProperty("items").GetArrayLength().ShouldBe(2);
        var today = Uri.EscapeDataString(LoyaltyRoom.Now.AddHours(-1).ToString("O"));
        (await room.Get($"accounts/{customer}/statement?from={today}"))
            .GetProperty("items")
            .EnumerateArray()
            .Single()
            .GetProperty("kind")
            .GetString()
            .ShouldBe("redeemed");
        (await room.Get($"accounts/{customer}/statement?to={today}&kind=redeemed")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }
}
