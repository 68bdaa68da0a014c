using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Care.Calendar;
using static CrmPlatform.Loyalty.Tests.Care.GivenCare;
using OnCustomerRegistered = CrmPlatform.Loyalty.Care.OnCustomerRegistered;
using OnPurchaseRecorded = CrmPlatform.Loyalty.Care.OnPurchaseRecorded;

namespace CrmPlatform.Loyalty.Tests.Care;

public class DecideCareTests
{
    static readonly CareCalendar calendar = Calendar();

    [Fact]
    public void who_becomes_known_is_scheduled_for_the_next_occasion() =>
        OnCustomerRegistered
            .Decide(CustomerCare.Initial, calendar, new(Customer, At("2019-06-01T10:00"), At("2026-03-01T12:00")))
            .Then(new CareBegun(Customer, At("2019-06-01T10:00"), At("2026-03-01T12:00")), Next("2026-06-01T09:00", null));

    [Fact]
    public void a_greeting_is_dated_at_its_own_hour_however_late_the_clock_comes_by() =>
        DecideCare
            .Decide(Known(calendar), calendar, "Gold", At("2026-05-06T03:00"))
            .Then(
                new CareCameDue(
                    CareId(0),
                    Customer,
                    "anniversary",
                    "sms",
                    "hello",
                    "Gold",
                    null,
                    50,
                    Of("birthday", 2026, "2026-05-04", "2026-05-04T09:00")
                ),
                Next("2026-09-25T09:00", "2026-05-06T03:00")
            );

    [Fact]
    public void before_its_hour_nothing_is_due() =>
        DecideCare.Decide(Known(calendar), calendar, "Gold", At("2026-05-04T08:59")).ShouldBeEmpty();

    [Fact]
    public void after_a_downtime_occasions_are_decided_in_order_and_old_ones_passed_over() =>
        DecideCare
            .Decide(Known(calendar), calendar, null, At("2027-02-07T10:00"))
            .Then(
                new CarePassedOver(CareId(0), Customer, "too-late", Of("birthday", 2026, "2026-05-04", "2026-05-04T09:00")),
                new CarePassedOver(CareId(1), Customer, "too-late", Of("mid-autumn", 2026, "2026-09-25", "2026-09-25T09:00")),
                new CarePassedOver(CareId(2), Customer, "too-late", Of("new-year", 2027, "2027-01-01", "2027-01-01T09:00")),
                new CareCameDue(
                    CareId(3),
                    Customer,
                    "spring-festival",
                    "sms",
                    "hello",
                    null,
                    null,
                    0,
                    Of("spring-festival", 2027, "2027-02-06", "2027-02-06T09:00")
                ),
                Next("2027-03-01T09:00", "2027-02-07T10:00")
            );

    [Theory]
    [InlineData("2026-05-06T09:00", true), InlineData("2026-05-06T09:01", false)]
    public void a_message_is_worth_sending_as_long_as_the_settings_say(string now, bool worth) =>
        (DecideCare.Decide(Known(calendar), calendar, null, At(now))[0] is CareCameDue).ShouldBe(worth);

    [Fact]
    public void without_consent_on_the_messages_channel_there_is_no_message()
    {
        DecideCare
            .Decide(Known(calendar, consent: false), calendar, null, At("2026-05-04T09:00"))
            .Then(
                new CareSuppressed(CareId(0), Customer, "sms", "no-consent", Of("birthday", 2026, "2026-05-04", "2026-05-04T09:00")),
                Next("2026-09-25T09:00", "2026-05-04T09:00")
            );
        var withdrawn = Known(calendar)
            .After([new ConsentNoted("email", true, At("2026-04-01T00:00")), new ConsentNoted("sms", false, At("2026-04-01T00:00"))]);
        DecideCare
            .Decide(withdrawn, calendar, null, At("2026-05-04T09:00"))[0]
            .ShouldBeOfType<CareSuppressed>()
            .Reason.ShouldBe("no-consent");
    }

    [Fact]
    public void while_a_severe_complaint_is_open_there_is_no_message()
    {
        var (ticket, care) = (Given.Id(77), Known(calendar));
        string What() => DecideCare.Decide(care, calendar, null, At("2026-05-04T09:00"))[0] is CareSuppressed s ? s.Reason : "due";
        care = care.After([new ComplaintNoted(ticket, At("2026-04-01T00:00"))]);
        What().ShouldBe("open-complaint");
        care = care.After([new ComplaintSettled(ticket, At("2026-04-02T00:00"))]);
        What().ShouldBe("due");
        care = care.After([new ComplaintNoted(ticket, At("2026-04-03T00:00"))]);
        What().ShouldBe("open-complaint");
    }

    [Fact]
    public void who_was_forgotten_is_greeted_no_more() =>
        DecideCare
            .Decide(Known(calendar).After([new CareEnded(Customer, At("2026-04-01T00:00"))]), calendar, null, At("2026-05-04T09:00"))
            .ShouldBeEmpty();

    [Fact]
    public void the_earliest_purchase_counts_and_its_anniversary_is_a_year_later()
    {
        var care = Known(calendar, birthday: null);
        care = care.After(OnPurchaseRecorded.Decide(care, calendar, new(Customer, At("2026-03-10T23:00"), At("2026-03-10T23:00"))));
        OnPurchaseRecorded.Decide(care, calendar, new(Customer, At("2026-03-11T23:00"), At("2026-03-11T23:00"))).ShouldBeEmpty();
        care = care.After(OnPurchaseRecorded.Decide(care, calendar, new(Customer, At("2024-02-29T12:00"), At("2026-03-12T23:00"))));
        DecideCare
            .Decide(care, calendar, null, At("2027-02-28T09:00"))
            .OfType<CareCameDue>()
            .Single()
            .Personal.Value!.ShouldBe(new("first-purchase", 2027, new(2027, 2, 28), At("2027-02-28T09:00")));
    }

    [Fact]
    public void a_new_plan_is_looked_up_once_and_makes_nothing_up_that_lies_behind()
    {
        var care = Known(calendar);
        care = care.After(DecideCare.Decide(care, calendar, null, At("2026-09-25T09:00")));
        var changed = Calendar(p =>
        {
            p.Version = 2;
            p.Occasions["national-day"] = Occasion(OccasionKind.Solar, 10, 1);
            p.Occasions["labour-day"] = Occasion(OccasionKind.Solar, 5, 1);
        });
        var looked = DecideCare.Decide(care, changed, null, At("2026-09-26T00:00"));
        looked.Then(Next("2026-10-01T09:00", "2026-09-26T00:00", plan: 2));
        DecideCare.Decide(care.After(looked), changed, null, At("2026-09-26T00:01")).ShouldBeEmpty();
    }

    [Fact]
    public void a_clock_that_jumps_back_makes_nothing_up_that_lies_behind()
    {
        var care = Known(calendar);
        care = care.After(DecideCare.Decide(care, calendar, null, At("2026-09-25T09:00")));
        var changed = Calendar(p =>
        {
            p.Version = 2;
            p.Occasions["labour-day"] = Occasion(OccasionKind.Solar, 5, 1);
        });
        care = care.After(DecideCare.Decide(care, changed, null, At("2026-04-01T00:00")));
        care.NextAt.ShouldBe(At("2027-01-01T09:00"));
        DecideCare.Decide(care, changed, null, At("2026-09-26T00:00")).ShouldBeEmpty();
    }

    [Fact]
    public void lead_days_and_hours_are_of_the_business_zone_and_its_clock_changes()
    {
        var lead = Calendar(p => (p.Occasions["new-year"].LeadDays, p.Occasions["new-year"].Hour) = (3, 20));
        DecideCare
            .Decide(Known(lead, birthday: null), lead, null, At("2026-12-29T20:00"))
            .OfType<CareCameDue>()
            .Single()
            .Personal.Value!.ShouldBe(new("new-year", 2027, new(2027, 1, 1), At("2026-12-29T20:00")));
        var newYork = Calendar(zone: "America/New_York");
        newYork.At(new(2026, 3, 8), 2).ShouldBe(new(2026, 3, 8, 7, 0, 0, TimeSpan.Zero), "two o'clock does not exist that night");
        newYork.At(new(2026, 11, 1), 1).ShouldBe(new(2026, 11, 1, 5, 0, 0, TimeSpan.Zero), "one o'clock comes twice");
    }
}
