using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Tests.Care;

namespace CrmPlatform.Loyalty.Tests.Groups;

/// <summary>One person is greeted once. A room of its own: its clock is moved.</summary>
public class GroupCareTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public async Task one_person_is_greeted_once_in_the_words_of_the_better_tier()
    {
        var (survivor, other) = (await room.Celebrant(), await room.Celebrant());
        await room.Tell("customers", LoyaltyRoom.Purchase(other, 6_000, room.Now()));
        await room.Merge(survivor, other);
        var upcoming = (await room.Items($"care/upcoming?to={Soon}&occasion=birthday&limit=200")).Select(GroupWords.Customer).ToList();
        upcoming.ShouldContain(survivor);
        upcoming.ShouldNotContain(other);

        await SixDaysLater();
        var birthdays = (await room.History(other)).Where(e => e.GetProperty("occasion").GetString() == "birthday").ToList();
        birthdays
            .Select(b => (b.Customer(), b.GetProperty("reason").GetString()))
            .ShouldBe([(survivor, null), (other, "same-person")], ignoreOrder: true);
        var greeted = birthdays.Single(b => b.Customer() == survivor);
        (greeted.GetProperty("tier").GetString(), greeted.GetProperty("content").GetString()).ShouldBe(("Platinum", "a1-platinum"));
        (await room.History(survivor)).Select(e => e.ToString()).ShouldBe((await room.History(other)).Select(e => e.ToString()));

        await room.Part(survivor, other);
        (await room.Balance(survivor), await room.Balance(other)).ShouldBe((50, 6_000), "the points of the greeting are the survivor's");
        (await room.History(other)).ShouldAllBe(e => e.Customer() == other);
        (await room.RunDue<DecideCare>()).ShouldBe(0, "what was decided stays decided");
    }

    [Fact]
    public async Task a_consent_counts_for_all_and_a_refusal_of_any_holds_for_all()
    {
        var (given, lent, taken, refused) = (
            await room.Celebrant(),
            await room.Celebrant(consent: false),
            await room.Celebrant(),
            await room.Celebrant()
        );
        var (a, b, c, d) = (await Quiet(), await room.Celebrant(), await room.Celebrant(), await Quiet());
        await room.Tell(
            "customers",
            new Contracts.ConsentChanged(c, "marketing", "email", false, "1", room.Now()),
            new Contracts.ConsentChanged(d, "marketing", "email", false, "1", room.Now())
        );
        await room.Merge(given, a);
        await room.Merge(lent, b);
        await room.Merge(taken, c);
        await room.Merge(refused, d);
        await SixDaysLater();
        (await Birthday(given), await Birthday(lent)).ShouldBe(("due", "due"));
        (await Birthday(taken), await Birthday(refused)).ShouldBe(("no-consent", "no-consent"));
    }

    [Fact]
    public async Task an_open_complaint_of_one_member_keeps_the_greeting_from_the_other()
    {
        var (survivor, angry) = (await room.Celebrant(), await Quiet());
        await room.Tell(
            "service-desk",
            new Contracts.TicketOpened(
                angry,
                Guid.CreateVersion7(),
                "complaint",
                "delivery",
                "urgent",
                "phone",
                room.Now(),
                room.Now(),
                room.Now(),
                "critical"
            )
        );
        await room.Merge(survivor, angry);
        await SixDaysLater();
        (await Birthday(survivor)).ShouldBe("open-complaint");
    }

    string Soon => Uri.EscapeDataString(room.Now().AddDays(7).ToString("O"));

    /// <summary>A customer of whom neither birthday nor consent is known.</summary>
    async Task<Guid> Quiet()
    {
        var customer = Guid.CreateVersion7();
        await room.Tell("customers", new Contracts.CustomerRegistered(customer, "individual", null, room.Now().AddDays(-100)));
        return customer;
    }

    async Task SixDaysLater()
    {
        room.Clock.Advance(TimeSpan.FromDays(6));
        await room.RunDue<DecideCare>();
    }

    async Task<string?> Birthday(Guid customer)
    {
        var own = (await room.History(customer)).Single(e =>
            e.Customer() == customer && e.GetProperty("occasion").GetString() == "birthday"
        );
        return own.GetProperty("reason").GetString() ?? own.GetProperty("outcome").GetString();
    }
}
