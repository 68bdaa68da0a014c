using System.Net.Http.Json;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>Nothing more is recorded of those who were forgotten, and nothing of those who are not there.</summary>
[Collection("loyalty")]
public class ForgottenTests(LoyaltyRoom room)
{
    [Fact]
    public void a_forgotten_account_earns_nothing_more()
    {
        var forgotten = Earned(100).Evolve(new HolderForgotten(Day(3)));
        new EarnPoints(Id(9), 50, Day(4)).Decide(forgotten, Rules()).ShouldBeEmpty();
        new EarnPoints(Id(9), 50, Day(1)).Decide(forgotten, Rules()).ShouldBeEmpty("told late makes no difference");
        new ReversePoints(Id(8), Id(0), 100, Day(4)).Decide(forgotten, Rules()).ShouldNotBeEmpty("what is owed is settled");
    }

    [Fact]
    public void who_is_forgotten_before_an_account_was_opened_gets_none()
    {
        var forgotten = LoyaltyAccount.Initial.Evolve(new HolderForgotten(Day(3)));
        OpenAccount.Decide(forgotten, Rules(), Day(4)).ShouldBeEmpty();
        new EarnPoints(Id(9), 50, Day(4)).Decide(forgotten, Rules()).ShouldBeEmpty();
    }

    [Fact]
    public async Task nothing_that_is_asked_for_the_forgotten_is_done()
    {
        var (customer, other) = (await room.Customer(100), await room.Customer(100));
        var http = room.Everything;
        Task<HttpResponseMessage> Say(string path, object? body) => http.PostAsJsonAsync($"/api/loyalty/accounts/{customer}/{path}", body);
        async Task<string> Made(string path, object body) =>
            (await Say(path, body)).EnsureSuccessStatusCode().Headers.Location!.ToString().Split('/')[^1];
        var (redemption, adjustment) = (
            await Made("redemptions", new { points = 10, purpose = "voucher" }),
            await Made("adjustments", new { points = 20_000, reason = "goodwill" })
        );
        (await Say("tier", new { tier = "Gold", reason = "press" })).EnsureSuccessStatusCode();
        var purchase = (await room.Store.FetchStream(customer)).Select(e => e.Data).OfType<PurchaseCounted>().Single().PurchaseId;
        await room.Hear("customers", new Contracts.CustomerForgotten(customer, LoyaltyRoom.Now));
        var before = (await room.Store.FetchStream(customer)).Count;
        foreach (
            var (path, body) in new (string, object?)[]
            {
                ("redemptions", new { points = 10, purpose = "voucher" }),
                ($"redemptions/{redemption}/cancel", null),
                ("adjustments", new { points = 10, reason = "goodwill" }),
                ("adjustments", new { points = -10, reason = "fraud" }),
                ("adjustments", new { points = 20_000, reason = "goodwill" }),
                ("unlocks", new { purchaseId = purchase, action = "delivered" }),
                ("actions", new { action = "review", reference = "r-1" }),
                ("tier", new { tier = "Gold", reason = "other" }),
                ("tier/release", new { reason = "other" }),
                ("transfers", new { toCustomerId = other, points = 10 }),
            }
        )
        {
            var refused = await Say(path, body);
            ((int)refused.StatusCode).ShouldBe(422, path);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("urn:crm:customer-forgotten", customMessage: path);
        }
        http.DefaultRequestHeaders.Authorization = new("Bearer", LoyaltyRoom.Token("bob", "loyalty.points.approve"));
        ((int)(await Say($"adjustments/{adjustment}/approve", null)).StatusCode).ShouldBe(422);
        (await room.Store.FetchStream(customer)).Count.ShouldBe(before);
        ((int)(await Say($"adjustments/{adjustment}/decline", null)).StatusCode).ShouldBe(200, "what waits can still be closed");
    }

    [Fact]
    public async Task facts_of_the_forgotten_and_surveys_of_nobody_leave_no_trace()
    {
        var customer = await room.Customer(100);
        await room.Hear("customers", new Contracts.CustomerForgotten(customer, LoyaltyRoom.Now));
        var before = (await room.Store.FetchStream(customer)).Count;
        await room.Hear("customers", LoyaltyRoom.Purchase(customer, 70, LoyaltyRoom.Now));
        (await room.Store.FetchStream(customer)).Count.ShouldBe(before);

        var nobody = Guid.CreateVersion7();
        await room.Hear("service-desk", new Contracts.SurveyAnswered(nobody, Guid.CreateVersion7(), "csat", 5, LoyaltyRoom.Now));
        (await room.Store.FetchStream(nobody)).ShouldBeEmpty("a survey opens no account");
    }

    [Fact]
    public async Task an_answered_survey_counts_once_also_without_a_ticket_and_after_a_change()
    {
        var customer = await room.Customer(100);
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await room.Hear("service-desk", Answer(one, 9, null), Answer(one, 3, 9), Answer(other, 7, null));
        (await room.Store.FetchStream(customer)).Select(e => e.Data).OfType<ActionCounted>().Count().ShouldBe(2);

        Contracts.SurveyAnswered Answer(Guid invitation, int score, int? replaces) =>
            new(customer, Guid.Empty, "nps", score, LoyaltyRoom.Now, "shop", 1, invitation, replaces);
    }
}
