using CrmPlatform.Customers.Profiles;
using CrmPlatform.EventSourcing;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Customers.Tests;

/// <summary>Decisions about consent, contacts and birthdays.</summary>
public sealed class ProfileRulesTests
{
    static readonly DateTimeOffset now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly Guid id = Guid.CreateVersion7();

    static Customer After(IEnumerable<ICustomerEvent> facts, Customer? customer = null) =>
        facts.Aggregate(customer ?? Customer.Initial, (c, e) => c.Evolve(e));

    static Customer Registered() => After(new RegisterCustomer(CustomerKind.Individual).Decide(Customer.Initial, id, now, "CN"));

    [Fact]
    public void consent_for_another_notice_and_a_first_refusal_are_recorded()
    {
        var customer = Registered();
        ICustomerEvent[] Decide(bool granted, string notice)
        {
            var facts = new ChangeConsent("marketing", "email", granted, notice).Decide(customer, now);
            customer = After(facts, customer);
            return facts;
        }
        Decide(false, "1").ShouldBe([new ConsentWithdrawn("marketing", "email", "1", now)]);
        Decide(false, "1").ShouldBeEmpty();
        Decide(true, "1").ShouldBe([new ConsentGiven("marketing", "email", "1", now)]);
        Decide(true, "1").ShouldBeEmpty();
        Decide(true, "2").ShouldBe([new ConsentGiven("marketing", "email", "2", now)]);
        Decide(false, "2").ShouldBe([new ConsentWithdrawn("marketing", "email", "2", now)]);
    }

    [Fact]
    public void a_refusal_at_registration_is_recorded() =>
        new RegisterCustomer(CustomerKind.Individual, Consents: [new("marketing", "phone", false, "1")])
            .Decide(Customer.Initial, id, now, "CN")
            .OfType<ConsentWithdrawn>()
            .ShouldBe([new("marketing", "phone", "1", now)]);

    [Theory]
    [InlineData("Ann@Example.COM", "ann@example.com")]
    [InlineData(" ann@example.com ", "ann@example.com")]
    [InlineData("info@bücher.de", "info@xn--bcher-kva.de")]
    [InlineData("ann@example.com\u200b", null)]
    [InlineData("Ann <ann@example.com>", null)]
    [InlineData("mailto:ann@example.com", null)]
    [InlineData("ann", null)]
    public void an_address_is_stored_in_the_form_in_which_it_is_found(string text, string? stored)
    {
        if (stored is null)
            Should.Throw<RuleViolationException>(() => ContactKeys.Stored(new("email", text), "CN")).Code.ShouldBe("invalid-contact");
        else
            ContactKeys.Stored(new("email", text), "CN").Value.ShouldBe(stored);
    }

    [Theory]
    [InlineData("137 1234 5678", "+8613712345678")]
    [InlineData("86 137 1234 5678", "+8613712345678")]
    [InlineData("(+86) 137-1234-5678", "+8613712345678")]
    [InlineData("+86 (0)137 1234 5678", "+8613712345678")]
    [InlineData("0086 137 1234 5678", "+8613712345678")]
    [InlineData("１３７１２３４５６７８", "+8613712345678")]
    [InlineData("010-6552 9988", "+861065529988")]
    [InlineData("010-6552 9988 ext. 5", "+861065529988;ext=5")]
    [InlineData("+1 (415) 555-2671", "+14155552671")]
    [InlineData("1 (415) 555-2671", null)]
    [InlineData("ask at 12", null)]
    [InlineData("+86 137 1234 56789", null)]
    public void a_phone_has_one_key_however_it_is_typed_and_none_if_it_is_not_valid(string typed, string? key)
    {
        ContactKeys.Key(new("phone", typed), "CN").ShouldBe(key);
        ContactKeys.Stored(new("phone", typed), "CN").Value.ShouldBe(key ?? typed);
    }

    [Fact]
    public void a_number_without_country_code_is_one_of_the_businesss_region()
    {
        ContactKeys.Key(new("phone", "1 (415) 555-2671"), "US").ShouldBe("+14155552671");
        ContactKeys.Key(new("phone", "137 1234 5678"), "US").ShouldBeNull();
        Should.Throw<RuleViolationException>(() => ContactKeys.Stored(new("phone", "none"), "US")).Code.ShouldBe("invalid-contact");
    }

    [Theory]
    [InlineData("İlker", "ilker")]
    [InlineData("ZOE\u0301", "zoé")]
    [InlineData("ﬁnn", "Finn")]
    [InlineData("ＡＮＮ　Ｌｅｅ", "ann lee")]
    public void a_name_is_found_however_it_is_written(string name, string typed) => Names.Folded(name).ShouldBe(Names.Folded(typed));

    [Theory]
    [InlineData("1990-03-01", "2025-02-28", "25-34")]
    [InlineData("1990-03-01", "2025-03-01", "35-44")]
    [InlineData("2000-12-31", "2024-12-30", "19-24")]
    [InlineData("2000-02-29", "2025-02-28", "19-24")]
    [InlineData("2000-02-29", "2025-03-01", "25-34")]
    public void an_age_band_changes_on_the_birthday_in_leap_years_too(string birth, string day, string band) =>
        Profile
            .BandOf(
                DateOnly.Parse(birth, System.Globalization.CultureInfo.InvariantCulture),
                DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)
            )
            .ShouldBe(band);

    [Fact]
    public void a_birthday_without_a_year_is_noted() =>
        new RegisterCustomer(CustomerKind.Individual, new Profile(Birthday: "--02-29"))
            .Decide(Customer.Initial, id, now, "CN")
            .OfType<BirthdayNoted>()
            .Single()
            .Personal!.Value.ShouldBe(new Birthday("solar", 2, 29));

    [Fact]
    public void a_contact_person_who_cannot_be_reached_is_refused_by_the_decision() =>
        Should
            .Throw<RuleViolationException>(() =>
                new RegisterCustomer(
                    CustomerKind.Enterprise,
                    new Profile(ContactPersons: [new("Li", "decider", Email: "Li <li@example.com>")])
                ).Decide(Customer.Initial, id, now, "CN")
            )
            .Code.ShouldBe("invalid-contact");
}
