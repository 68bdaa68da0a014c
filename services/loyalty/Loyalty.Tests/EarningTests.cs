using static CrmPlatform.Loyalty.Tests.LoyaltyRoom;

namespace CrmPlatform.Loyalty.Tests;

[Collection("loyalty")]
public class EarningTests(LoyaltyRoom room)
{
    [Fact]
    public async Task purchases_make_points_lots_and_a_tier()
    {
        var customer = await room.Customer(300.99m, 0m, 250m);
        var account = await room.Get($"accounts/{customer}");
        account.GetProperty("tier").GetString().ShouldBe("Silver");
        account.GetProperty("balance").GetInt64().ShouldBe(550);
        account.GetProperty("nextTier").GetString().ShouldBe("Gold");
        account.GetProperty("pointsToNext").GetInt64().ShouldBe(1450);
        account.GetProperty("lots").EnumerateArray().Select(l => l.GetProperty("remaining").GetInt64()).ShouldBe([300, 250]);
    }

    [Fact]
    public async Task a_fact_told_twice_and_a_purchase_told_twice_count_once()
    {
        var customer = Guid.CreateVersion7();
        var purchase = Purchase(customer, 100);
        var fact = LoyaltyRoom.AsFact("customers", purchase);
        await room.Hear(fact);
        await room.Hear(fact);
        await room.Hear(LoyaltyRoom.AsFact("customers", purchase));
        (await room.Balance(customer)).ShouldBe(100, "the first purchase opens the account where no registration came first");
    }

    [Fact]
    public async Task a_guests_purchase_is_nobodys_points()
    {
        var before = (await room.Store.FetchStream(Guid.Empty)).Count;
        var guest = Purchase(null, 100);
        await room.Hear(LoyaltyRoom.AsFact("customers", guest));
        (await room.Store.FetchStream(guest.PurchaseId)).ShouldBeEmpty();
        (await room.Store.FetchStream(Guid.Empty)).Count.ShouldBe(before);
    }

    [Fact]
    public async Task historic_purchases_earn_at_their_own_date_and_expire_from_there()
    {
        var customer = Guid.CreateVersion7();
        var (old, long_ago) = (Purchase(customer, 70, Now.AddMonths(-12)), Purchase(customer, 900, Now.AddMonths(-30)));
        await room.Hear("customers", Registered(customer), long_ago, old);
        var account = await room.Get($"accounts/{customer}");
        account.GetProperty("balance").GetInt64().ShouldBe(70, "what was bought 30 months ago has expired, written down or not");
        account.GetProperty("expired").GetInt64().ShouldBe(900);
        account.GetProperty("tier").GetString().ShouldBe("Silver", "expiry does not lower the tier");
        account
            .GetProperty("lots")
            .EnumerateArray()
            .Single()
            .GetProperty("expiresAt")
            .GetDateTimeOffset()
            .ShouldBe(old.OccurredAt.AddMonths(24), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task returned_goods_take_their_points_with_them()
    {
        var customer = Guid.CreateVersion7();
        var purchase = Purchase(customer, 600);
        await room.Hear("customers", Registered(customer), purchase, Purchase(customer, 10), Return(purchase, 200));
        (await room.Balance(customer)).ShouldBe(410);
        await room.Hear("customers", Return(purchase, 400));
        var account = await room.Get($"accounts/{customer}");
        (
            account.GetProperty("balance").GetInt64(),
            account.GetProperty("tier").GetString(),
            account.GetProperty("reversed").GetInt64()
        ).ShouldBe((10, "Bronze", 600));
    }

    [Fact]
    public async Task the_summary_adds_up_and_lists_filter_by_tier()
    {
        var (silver, bronze) = (await room.Customer(500), await room.Customer(5));
        var summary = await room.Get("summary");
        long N(string name) => summary.GetProperty(name).GetInt64();
        N("balance").ShouldBe(N("pointsEarned") - N("pointsRedeemed") - N("pointsExpired") - N("pointsReversed"));
        summary.GetProperty("tiers").EnumerateObject().Select(t => t.Name).ShouldBe(["Bronze", "Silver", "Gold", "Platinum"]);
        summary.GetProperty("tiers").EnumerateObject().Sum(t => t.Value.GetInt64()).ShouldBe(N("accounts"));

        var seen = new List<Guid>();
        string? next = null;
        do
        {
            var page = await room.Get($"accounts?tier=Silver&limit=1{(next is null ? "" : $"&after={next}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("customerId").GetGuid()));
            next = page.GetProperty("next").ValueKind == System.Text.Json.JsonValueKind.Null ? null : page.GetProperty("next").GetString();
        } while (next is not null);
        seen.ShouldContain(silver);
        seen.ShouldNotContain(bronze);
        seen.ShouldBeUnique();
    }

    [Fact]
    public async Task a_forgotten_customers_ledger_stays_and_the_erasure_is_acknowledged_once()
    {
        var customer = await room.Customer(80);
        await room.Hear(
            "customers",
            new Contracts.CustomerForgotten(customer, Now),
            new Contracts.CustomerForgotten(customer, Now),
            Purchase(customer, 20)
        );
        (await room.Balance(customer)).ShouldBe(80, "it earns nothing more");
        ((int)(await room.Redeem(customer, 10)).StatusCode).ShouldBe(422);
        var published = (await room.Store.FetchStream(customer))
            .Select(e => LoyaltyFeed.Translate(e)?.Contract)
            .OfType<Contracts.PersonalDataErased>();
        published.Single().ShouldBe(new Contracts.PersonalDataErased(customer, 1, published.Single().OccurredAt));

        var stranger = Guid.CreateVersion7();
        await room.Hear("customers", new Contracts.CustomerForgotten(stranger, Now));
        (await room.Store.FetchStream(stranger))
            .Select(e => e.Data.GetType())
            .ShouldBe([typeof(HolderForgotten)], "also where there was no account");
    }

    [Fact]
    public async Task everything_held_about_a_person_can_be_exported()
    {
        var customer = await room.Customer(80);
        await room.Redeem(customer, 30);
        var held = await room.Get($"customers/{customer}/personal");
        held.GetProperty("facts")
            .EnumerateArray()
            .Select(f => f.GetProperty("fact").GetString())
            .ShouldBe(["account_opened", "purchase_counted", "points_earned", "points_redeemed"]);
        (await room.Get($"customers/{Guid.CreateVersion7()}/personal")).GetProperty("facts").GetArrayLength().ShouldBe(0);
    }
}
