using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;
using CrmPlatform.Segmentation.Lifecycle;
using static CrmPlatform.Segmentation.Lifecycle.LifecycleStage;
using static CrmPlatform.Segmentation.Tests.Lifecycle.StageWorld;

namespace CrmPlatform.Segmentation.Tests.Lifecycle;

/// <summary>Engaged, Loyal and Ended, by worked dates. Three orders in 365 days, or a tier, make loyal here.</summary>
public class StageTests
{
    static (LifecycleStage, double, string)[] Said(params Told[] told) => Steps(History(told, [9000]));

    [Fact]
    public void the_first_contact_that_was_answered_engages_and_is_not_taken_back() =>
        Said(Speaks(1, answered: false), Speaks(5), Speaks(9), Buys(20), Speaks(30))
            .ShouldBe([(Engaged, 5, "contact"), (New, 20, "purchase"), (Dormant, 110, "quiet"), (Churned, 200, "quiet")]);

    [Fact]
    public void whose_goods_all_came_back_is_engaged_as_before()
    {
        var customer = After(CustomerValue.Initial, Speaks(1).Decide(CustomerValue.Initial));
        var (bought, yardstick) = (Guid.CreateVersion7(), new Yardstick(new() { TimeZone = "UTC", Currency = "USD" }, Policy, null));
        customer = After(customer, new CountPurchase(bought, 5, Day(2)).Decide(customer, yardstick));
        customer = After(customer, new CountReturn(bought, Guid.CreateVersion7(), 5, true, Day(3)).Decide(customer, yardstick));
        customer.Stage.ShouldBe(Engaged);
    }

    [Fact]
    public void enough_orders_that_have_held_for_30_days_make_loyal_until_dormant() =>
        Said(Buys(0), Buys(20), Buys(50), Buys(90))
            .ShouldBe([
                (New, 0, "purchase"),
                (Repeat, 20, "purchase"),
                (Active, 50, "purchase"),
                (Loyal, 80, "held"),
                (Dormant, 135, "quiet"),
                (Churned, 180, "quiet"),
            ]);

    [Fact]
    public void a_bad_survey_ends_it_and_the_30_days_begin_with_a_better_one() =>
        Said(Buys(0), Buys(20), Buys(50), Answers(85, 2), Buys(90), Answers(95, 1), Answers(100, 3), Buys(120), Buys(150))[3..6]
            .ShouldBe([(Loyal, 80, "held"), (Active, 85, "survey"), (Loyal, 130, "held")]);

    [Fact]
    public void a_bad_survey_within_the_30_days_delays_it() =>
        Said(Buys(0), Buys(20), Buys(50), Answers(79.5, 1), Answers(80, 5), Buys(100))[3].ShouldBe((Loyal, 110, "held"));

    [Fact]
    public void orders_leave_the_window_of_365_days_before_30_days_have_held() =>
        // Three orders hold on days 340 to 365 only, then from day 370 on.
        Said(Buys(0), Buys(280), Buys(340), Buys(370)).ShouldContain((Loyal, 400, "held"));

    // Two orders in 365 days, which are not enough.
    static readonly Told[] active = [Buys(0), Buys(300), Buys(380)];

    [Fact]
    public void a_tier_makes_loyal_as_orders_do_and_a_higher_one_goes_on() =>
        Said([.. active, Gets(390, "gold"), Gets(400, "platinum")]).ShouldContain((Loyal, 420, "held"));

    [Fact]
    public void a_tier_that_is_lost_within_30_days_does_not() =>
        Said([.. active, Gets(390, "gold"), Gets(415, "silver")]).ShouldNotContain(s => s.Item1 == Loyal);

    [Fact]
    public void a_tier_that_is_told_late_makes_loyal_from_the_instant_at_which_it_had_held()
    {
        var customer = active.Append(Buys(440)).Aggregate(CustomerValue.Initial, (c, t) => After(c, t.Decide(c)));
        customer = After(customer, Gets(385, "gold").Decide(customer));
        Steps(Clock(450).Decide(customer).OfType<LifecycleStageChanged>()).ShouldBe([(Loyal, 415, "held")]);
    }

    [Fact]
    public void a_bad_survey_that_is_told_late_takes_back_that_the_customer_is_loyal()
    {
        var customer = ((Told[])[Buys(0), Buys(20), Buys(50), Buys(90)]).Aggregate(CustomerValue.Initial, (c, t) => After(c, t.Decide(c)));
        customer.Stage.ShouldBe(Loyal);
        Steps(Answers(70, 1).Decide(customer).OfType<LifecycleStageChanged>()).ShouldBe([(Active, 80, "survey")]);
    }

    [Fact]
    public void who_was_ended_hears_nothing_of_silence_and_is_won_back_by_a_purchase() =>
        Said(Buys(0), Ends(10), Buys(500), Buys(510))[..4]
            .ShouldBe([(New, 0, "purchase"), (Ended, 10, "ended"), (WonBack, 500, "purchase"), (Active, 510, "purchase")]);

    [Fact]
    public void who_has_never_bought_is_new_by_the_first_purchase_also_after_an_end() =>
        Said(Speaks(1), Ends(10), Buys(20))[..3].ShouldBe([(Engaged, 1, "contact"), (Ended, 10, "ended"), (New, 20, "purchase")]);

    [Fact]
    public void who_is_opened_again_is_where_silence_has_led() =>
        Said(Buys(0), Ends(10), Reopens(100))
            .ShouldBe([(New, 0, "purchase"), (Ended, 10, "ended"), (Dormant, 100, "reopened"), (Churned, 180, "quiet")]);

    [Fact]
    public void the_reason_of_an_end_is_kept() => History([Buys(0), Ends(10)], []).Select(s => s.Reason).ShouldBe([null, "moved-abroad"]);
}
