namespace CrmPlatform.Loyalty.Tests;

/// <summary>The points of a purchase that was never made go; the order, told again, earns as any other.</summary>
public class RetractedPurchaseTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    static Contracts.PurchaseRetracted Retracted(Contracts.PurchaseRecorded p, decimal left) =>
        new(p.CustomerId, p.PurchaseId, p.Channel, p.Currency, left, p.BaseCurrency, left, p.OccurredAt);

    [Fact]
    public async Task what_is_left_of_its_points_goes_once()
    {
        var customer = Guid.CreateVersion7();
        var (kept, wrong) = (LoyaltyRoom.Purchase(customer, 100), LoyaltyRoom.Purchase(customer, 60, LoyaltyRoom.Now.AddDays(-2)));
        await room.Hear("customers", LoyaltyRoom.Registered(customer), kept);
        var before = await room.Balance(customer);
        await room.Hear("customers", wrong, LoyaltyRoom.Return(wrong, 20));
        (await room.Balance(customer)).ShouldBeGreaterThan(before);
        var retraction = LoyaltyRoom.AsFact("customers", Retracted(wrong, 40));
        await room.Hear(retraction);
        (await room.Balance(customer)).ShouldBe(before);
        await room.Hear(retraction);
        await room.Hear("customers", Retracted(wrong, 40), LoyaltyRoom.Return(wrong, 10));
        (await room.Balance(customer)).ShouldBe(before, "nothing is left to take");
        await room.Hear("customers", wrong with { PurchaseId = Guid.CreateVersion7() });
        (await room.Balance(customer)).ShouldBe(before + (before * 60 / 100));
    }

    [Fact]
    public async Task who_never_bought_it_here_loses_nothing()
    {
        var customer = Guid.CreateVersion7();
        await room.Hear("customers", LoyaltyRoom.Registered(customer), LoyaltyRoom.Purchase(customer, 100));
        var before = await room.Balance(customer);
        await room.Hear("customers", Retracted(LoyaltyRoom.Purchase(customer, 50), 50), Retracted(LoyaltyRoom.Purchase(null, 50), 50));
        (await room.Balance(customer)).ShouldBe(before);
    }
}
