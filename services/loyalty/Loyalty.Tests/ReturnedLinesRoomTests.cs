using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>A room of its own: it has other rules.</summary>
public class ReturnedLinesRoomTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public async Task lines_are_told_in_the_currency_of_the_purchase_and_count_at_its_rate()
    {
        room.Services.GetRequiredService<LoyaltyRules>()
            .Rules.Add(
                Set(
                    99,
                    LoyaltyRoom.Now.AddDays(-50),
                    new EarningRule
                    {
                        Name = "toys",
                        PerUnit = 1000,
                        When = new() { Categories = ["toys"] },
                    }
                )
            );
        var customer = Guid.CreateVersion7();
        // 10.847837 and 21.695674 dollars, of which only the sum is rounded; the product is spelled in two ways.
        var purchase = LoyaltyRoom.Purchase(customer, 30.03m) with
        {
            Currency = "EUR",
            BaseNet = 32.54m,
            Rate = 1.0837m,
            Lines = [new("Cafe\u0301", "toys", 1, 10.01m), new("p2", "books", 1, 20.02m)],
        };
        await room.Hear("customers", LoyaltyRoom.Registered(customer), purchase);
        (await room.Balance(customer)).ShouldBe(10_847);
        await room.Hear("customers", Back(10.00m, 10.84m, "p2"));
        (await room.Balance(customer)).ShouldBe(10_847, "books earned nothing");
        await room.Hear("customers", Back(10.01m, 10.84m, "Caf\u00e9"));
        (await room.Balance(customer)).ShouldBe(0, "all that earned them is back");

        Contracts.PurchaseReturned Back(decimal net, decimal baseNet, string product) =>
            LoyaltyRoom.Return(purchase, net) with
            {
                Currency = "EUR",
                BaseNet = baseNet,
                Lines = [new(product, 1, net)],
            };
    }
}
