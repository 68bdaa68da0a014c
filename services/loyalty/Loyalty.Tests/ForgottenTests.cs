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
}
