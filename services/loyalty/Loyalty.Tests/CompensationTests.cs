namespace CrmPlatform.Loyalty.Tests;

/// <summary>Points that the service desk gives for a complaint.</summary>
[Collection("loyalty")]
public class CompensationTests(LoyaltyRoom room)
{
    [Fact]
    public async Task points_for_a_complaint_are_awarded_once_and_money_gives_none()
    {
        var (customer, ticket) = (await room.Customer(100), Guid.CreateVersion7());
        var granted = new Contracts.CompensationGranted(customer, ticket, "points", LoyaltyRoom.Now, Points: 300);
        await room.Hear("service-desk", granted);
        await room.Hear("service-desk", granted);
        await room.Hear(
            "service-desk",
            new Contracts.CompensationGranted(customer, ticket, "refund", LoyaltyRoom.Now, Amount: 12.5m, Currency: "CNY")
        );
        (await room.Balance(customer)).ShouldBe(400);
        var earned = (await room.Store.FetchStream(customer)).Select(e => e.Data).OfType<PointsEarned>().Last();
        (earned.Rule, earned.Qualifying).ShouldBe(("compensation", 0L), "it does not count for the tier");
    }
}
