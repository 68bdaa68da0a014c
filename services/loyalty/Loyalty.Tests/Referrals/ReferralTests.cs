using CrmPlatform.Loyalty.Referrals;
using static CrmPlatform.Loyalty.Tests.Given;
using static CrmPlatform.Loyalty.Tests.Referrals.GivenReferral;

namespace CrmPlatform.Loyalty.Tests.Referrals;

public class ReferralTests
{
    static readonly LoyaltyAccount open = Account(new AccountOpened("Bronze", Day(-1)));

    /// <summary>The end of the thirtieth day after it, in Shanghai.</summary>
    static DateTimeOffset Past(int day) => new(DateOnly.FromDateTime(Day(day + 30).Date).ToDateTime(new(16, 0)), TimeSpan.Zero);

    static IReferralEvent[] Make(
        ReferralMember? referee = null,
        LoyaltyAccount? buyer = null,
        LoyaltyAccount? bringer = null,
        Guid[]? above = null,
        ReferralRules? rules = null
    ) =>
        new MakeReferral(Referee, Referrer).Decide(
            referee ?? ReferralMember.Initial,
            buyer ?? open,
            bringer ?? open,
            above ?? [Referrer],
            rules ?? Terms(),
            Shop,
            Day(0)
        );

    static string Refused(Func<object> decide) => Should.Throw<RuleViolationException>(() => decide()).Code;

    [Fact]
    public void a_referral_is_made_once_and_never_in_a_circle()
    {
        var made = Make();
        made.ShouldBe([new ReferralMade(Referee, Referrer, 0, new(2027, 1, 1, 16, 0, 0, TimeSpan.Zero), Day(0))]);
        var referred = ReferralMember.Initial.After(made);
        Make(referred).ShouldBeEmpty();
        Refused(() => Make(referred, above: [Id(7)])).ShouldBe("already-referred");
        Refused(() => Make(above: [Referee])).ShouldBe("self-referral");
        Refused(() => Make(above: [Referrer, Id(7), Referee])).ShouldBe("referral-loop");
        Refused(() => Make(referred, above: [Id(7), Referee, Referrer])).ShouldBe("referral-loop");
    }

    [Fact]
    public void only_known_members_and_new_customers()
    {
        Should.Throw<NotFoundException>(() => Make(buyer: LoyaltyAccount.Initial));
        Should.Throw<NotFoundException>(() => Make(bringer: LoyaltyAccount.Initial));
        Should.Throw<NotFoundException>(() => Make(buyer: open.Evolve(new HolderForgotten(Day(0)))));
        Should.Throw<NotFoundException>(() => Make(bringer: open.Evolve(new HolderForgotten(Day(0)))));
        Refused(() => Make(buyer: Earned(100))).ShouldBe("not-a-new-customer");
        ((ReferralMade)Make(buyer: Earned(100), rules: new() { NewCustomersOnly = false }).Single()).Purchases.ShouldBe(1);
    }

    [Fact]
    public void it_is_good_when_the_first_purchase_is_past_its_return_window_and_dated_there()
    {
        var referral = new GivenReferral().Buys(10, 50, Day(2)).Buys(11, 70, Day(3));
        referral.Clock(Day(4)).ShouldBe([new ReferralReviewed(Referee, 2, Id(10), Past(2), Past(2), Day(4))]);
        referral.Clock(Past(2).AddTicks(-1)).ShouldBeEmpty();
        referral
            .Clock(Past(2).AddDays(9))
            .ShouldBe([
                new ReferralQualified(Referee, Referrer, Id(10), 50, Past(2)),
                new ReferralRewarded(Referee, Referrer, 0, 0, Past(2)),
            ]);
        referral.Clock(Past(3)).ShouldBeEmpty();
    }

    [Fact]
    public void a_purchase_that_is_wholly_returned_within_the_window_leaves_it_to_the_next_one()
    {
        var referral = new GivenReferral().Buys(10, 50, Day(2));
        referral.Clock(Day(3));
        referral.Returns(10, 20, Day(5)).Returns(10, 30, Past(2).AddTicks(-1)).Buys(11, 70, Day(20));
        referral.Clock(Past(2)).ShouldBe([new ReferralReviewed(Referee, 2, Id(11), Past(20), Past(20), Past(2))]);
        referral.Clock(Past(20))[0].ShouldBe(new ReferralQualified(Referee, Referrer, Id(11), 70, Past(20)));
    }

    [Fact]
    public void what_comes_back_after_the_window_changes_nothing_however_late_the_clock_is()
    {
        var referral = new GivenReferral().Buys(10, 50, Day(2)).Returns(10, 50, Past(2));
        referral.ClockUntilNothing(Day(200)).OfType<ReferralQualified>().Single().ShouldBe(new(Referee, Referrer, Id(10), 50, Past(2)));
    }

    [Fact]
    public void when_everything_came_back_it_waits_on_and_lapses_after_a_year()
    {
        var referral = new GivenReferral().Buys(10, 50, Day(2));
        referral.Clock(Day(3));
        referral.Returns(10, 50, Day(4));
        referral.Clock(Past(2)).ShouldBe([new ReferralReviewed(Referee, 1, null, null, new(2027, 1, 1, 16, 0, 0, TimeSpan.Zero), Past(2))]);
        referral.Clock(Day(364)).ShouldBeEmpty();
        referral
            .Buys(11, 50, Day(366))
            .Clock(Day(400))
            .ShouldBe([new ReferralEnded(Referee, Referrer, "lapsed", new(2027, 1, 1, 16, 0, 0, TimeSpan.Zero))]);
        referral.Clock(Day(500)).ShouldBeEmpty();
    }

    [Fact]
    public void free_and_small_purchases_do_not_count_and_are_looked_at_once()
    {
        var referral = new GivenReferral { Settings = new() { MinNet = 20 } }
            .Buys(10, 0, Day(1))
            .Buys(11, 19.99m, Day(2))
            .Buys(12, 25, Day(3))
            .Returns(12, 5.01m, Day(4));
        referral.Clock(Day(5)).ShouldBe([new ReferralReviewed(Referee, 3, null, null, referral.Member.Made!.LapsesAt, Day(5))]);
        referral.Clock(Day(6)).ShouldBeEmpty();
        referral.Buys(13, 20, Day(7)).ClockUntilNothing(Past(7)).OfType<ReferralQualified>().Single().PurchaseId.ShouldBe(Id(13));
    }

    [Fact]
    public void what_was_just_told_is_given_an_hour_for_its_return_to_be_told_too()
    {
        var referral = new GivenReferral().Buys(10, 50, Day(2));
        referral.Clock(Day(200)).OfType<ReferralReviewed>().Single().LookAt.ShouldBe(Day(200).AddHours(1));
        referral.Clock(Day(200).AddMinutes(59)).ShouldBeEmpty();
        referral.Returns(10, 50, Day(3)).ClockUntilNothing(Day(200).AddHours(1)).ShouldNotContain(f => f is ReferralQualified);
    }

    [Fact]
    public void more_than_the_cap_in_a_period_are_good_and_not_rewarded()
    {
        GivenReferral Before(params int[] days) =>
            new()
            {
                Settings = Terms(most: 2),
                Bringing = ReferralMember.Initial.After(days.Select(d => new ReferralRewardCounted(Id(99), Past(2).AddDays(-d)))),
            };
        IReferralEvent Last(GivenReferral referral) => referral.Buys(10, 50, Day(2)).ClockUntilNothing(Past(2).AddDays(3))[^1];

        Last(Before(1)).ShouldBeOfType<ReferralRewarded>();
        Last(Before(29, 30)).ShouldBeOfType<ReferralRewarded>("thirty days ago is another period");
        var withheld = Before(0, 29);
        Last(withheld).ShouldBe(new ReferralRewardWithheld(Referee, Referrer, "cap-reached", Past(2)));
        (withheld.Member.Status, withheld.Facts.OfType<ReferralQualified>().Count()).ShouldBe((ReferralStatus.Withheld, 1));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void nothing_comes_of_it_when_either_is_forgotten(bool referee)
    {
        var referral = new GivenReferral().Buys(10, 50, Day(2));
        if (referee)
            referral.Buyer = referral.Buyer.Evolve(new HolderForgotten(Day(3)));
        else
            referral.Bringer = referral.Bringer.Evolve(new HolderForgotten(Day(3)));
        referral.Clock(Day(50)).ShouldBe([new ReferralEnded(Referee, Referrer, "forgotten", Day(50))]);
        referral.Clock(Day(60)).ShouldBeEmpty();
    }

    [Fact]
    public void codes_are_short_differ_and_notice_a_slip()
    {
        var codes = Enumerable.Range(0, 5_000).Select(_ => ReferralCode.New()).ToArray();
        codes.ShouldBeUnique();
        codes.ShouldAllBe(code => ReferralCode.Read(code.ToLowerInvariant().Replace('-', ' ')) == code && code.Length == 11);
        codes.SelectMany(code => code).Distinct().Count().ShouldBe(32);
        codes.Where(code => ReferralCode.Read((code[0] == '2' ? '3' : '2') + code[1..]) is not null).ShouldBeEmpty();
        codes.Where(code => code[0] != code[1] && ReferralCode.Read($"{code[1]}{code[0]}{code[2..]}") is not null).ShouldBeEmpty();
    }

    [Fact]
    public void the_state_remembers_no_more_rewards_than_a_cap_can_ask_for()
    {
        var member = ReferralMember.Initial.After(Enumerable.Range(0, 1_500).Select(i => new ReferralRewardCounted(Id(i), Day(i))));
        (member.Rewarded.Count, member.Rewarded[0], member.Rewarded[^1]).ShouldBe((1_000, Day(500), Day(1_499)));
        IsValid(new ReferralRules { MostPerPeriod = 1_001 }).ShouldBeFalse();
        IsValid(new ReferralRules { MostPerPeriod = null }).ShouldBeTrue();

        static bool IsValid(ReferralRules rules) =>
            System.ComponentModel.DataAnnotations.Validator.TryValidateObject(rules, new(rules), null, validateAllProperties: true);
    }
}
