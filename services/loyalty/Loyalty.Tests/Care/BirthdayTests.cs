using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Care.Calendar;
using static CrmPlatform.Loyalty.Tests.Care.GivenCare;

namespace CrmPlatform.Loyalty.Tests.Care;

public class BirthdayTests
{
    static readonly CareCalendar calendar = Calendar();

    [Fact]
    public void what_was_decided_is_not_decided_again_whatever_happens_to_the_birthday()
    {
        var care = Known(calendar);
        care = care.After(DecideCare.Decide(care, calendar, null, At("2026-05-04T09:00")));
        DecideCare.Decide(care, calendar, null, At("2026-05-04T09:01")).ShouldBeEmpty();
        care = care.After(OnBirthdayNoted.Decide(care, calendar, Customer, new(false, 5, 20), At("2026-05-10T12:00")));
        DecideCare.Decide(care, calendar, null, At("2026-05-20T10:00")).ShouldBeEmpty("this year's birthday was greeted");
        DecideCare
            .Decide(care, calendar, null, At("2027-05-20T10:00"))
            .OfType<CareCameDue>()
            .Single()
            .Personal.Value!.Day.ShouldBe(new(2027, 5, 20));
    }

    [Fact]
    public void a_birthday_that_comes_sooner_is_what_comes_next() =>
        OnBirthdayNoted
            .Decide(Known(calendar, birthday: null), calendar, Customer, new(false, 5, 4), At("2026-03-02T12:00"))
            .Then(
                new BirthdayNoted(Customer, Personal.Of(Customer, new Birthday(false, 5, 4)), At("2026-03-02T12:00")),
                Next("2026-05-04T09:00", null)
            );

    [Fact]
    public void a_birthday_that_was_over_before_it_was_known_is_next_years()
    {
        var care = Known(calendar, birthday: null);
        care = care.After(OnBirthdayNoted.Decide(care, calendar, Customer, new(false, 3, 20), At("2026-03-21T12:00")));
        DecideCare.Decide(care, calendar, null, At("2026-03-21T13:00")).ShouldBeEmpty();
    }

    [Fact]
    public void a_birthday_that_reaches_us_late_but_was_known_in_time_is_not_lost()
    {
        var care = Known(calendar, birthday: null);
        care = care.After(DecideCare.Decide(care, Calendar(p => p.Version = 2), null, At("2026-03-21T10:00")));
        care = care.After(OnBirthdayNoted.Decide(care, calendar, Customer, new(false, 3, 21), At("2026-03-20T12:00")));
        DecideCare.Decide(care, calendar, null, At("2026-03-21T11:00"))[0].ShouldBeOfType<CareCameDue>();
    }

    [Fact]
    public void a_lunar_birthday_follows_the_lunar_calendar()
    {
        var care = Known(calendar, birthday: null);
        care = care.After(OnBirthdayNoted.Decide(care, calendar, Customer, new(true, 4, 8), At("2026-03-02T00:00")));
        care.NextAt.ShouldBe(At("2026-05-24T09:00"));
    }

    [Fact]
    public void an_erased_birthday_is_no_occasion()
    {
        var care = Known(calendar);
        care = care.After(OnBirthdayNoted.Decide(care, calendar, Customer, null, At("2026-04-01T00:00")));
        care.NextAt.ShouldBe(At("2026-09-25T09:00"));
        OnBirthdayNoted.Decide(care, calendar, Customer, null, At("2026-04-02T00:00")).ShouldBeEmpty();
    }
}
