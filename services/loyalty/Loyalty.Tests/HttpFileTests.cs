using CrmPlatform.Loyalty.Care;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>The room's <c>.http</c> file does what it says. A room of its own: its clock stands still.</summary>
public class HttpFileTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    static readonly string folder = Path.Combine(TestServers.Root, "services", "loyalty");

    [Fact]
    public async Task the_http_file_runs_from_top_to_bottom_and_its_answers_are_the_examples()
    {
        var file = HttpFile.Read(Path.Combine(folder, "loyalty.http"));
        var (customer, friend, newcomer, purchase) = (Id("customer"), Id("friend"), Id("newcomer"), Id("purchase"));
        var (twin, second) = (Id("twin"), new Guid(5, 0, 0, new byte[8]));
        var today = new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);
        room.Clock.Stop(today.AddDays(-2));

        // What the head of the file presupposes, as customers tells of it. The customer's birthday was yesterday, the friend's is in three
        // days.
        object[] told =
        [
            .. new[] { customer, friend, newcomer, twin, second }.Select(c => new Contracts.CustomerRegistered(
                c,
                "individual",
                "shop",
                today.AddDays(-60)
            )),
            new Contracts.BirthdayNoted(customer, "solar", 11, 30, today.AddDays(-60)),
            new Contracts.BirthdayNoted(friend, "solar", 12, 4, today.AddDays(-60)),
            new Contracts.ConsentChanged(customer, "marketing", "email", true, "2026-01", today.AddDays(-60)),
            Bought(purchase, "S-1001", 2400, today.AddDays(-40)),
            Bought(new(8, 0, 0, new byte[8]), "S-1042", 300, today.AddDays(-3)),
            Bought(new(7, 0, 0, new byte[8]), "S-1057", 90, today.AddDays(-9)) with
            {
                CustomerId = twin,
            },
            Bought(new(6, 0, 0, new byte[8]), "S-1058", 700, today.AddDays(-8)) with
            {
                CustomerId = second,
            },
            .. GroupsTold.Merged(twin, second),
        ];
        await room.Hear([.. told.Select(fact => LoyaltyRoom.AsFact("customers", fact) with { RecordedAt = room.Clock.GetUtcNow() })]);
        room.Clock.Stop(today);
        (await room.RunDue<DecideCare>()).ShouldBeGreaterThan(0);
        await room.CatchUp();

        await HttpRun.Check(
            room,
            file,
            Path.Combine(folder, "Loyalty", "examples.json"),
            new Dictionary<string, string>
            {
                ["coupon.response.body.code"] = "7KQ2MX-NP4RTW-9HVC3J",
                ["referralCode.response.body.code"] = "K7QWP-3ZD9D",
            }
        );

        Guid Id(string name) => Guid.Parse(file.Variables[name]);
        Contracts.PurchaseRecorded Bought(Guid id, string order, decimal net, DateTimeOffset at) =>
            new(customer, id, "shop", order, "web", "CNY", net, "CNY", net, 1, [], at);
    }
}
