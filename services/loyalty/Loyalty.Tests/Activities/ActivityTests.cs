using CrmPlatform.Loyalty.Activities;
using static CrmPlatform.Loyalty.Tests.Activities.GivenActivity;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests.Activities;

public class ActivityTests
{
    [Fact]
    public void who_comes_first_has_a_place_and_who_comes_later_waits()
    {
        Join(Planned(), 1).Then(new MemberJoined(Id(1), Day(30), Day(1)));
        Join(Planned(2, null, 1, 2), 3).Then(new MemberQueued(Id(3), Day(1)));
        Join(Planned(2, null, 1, 2, 3), 3).ShouldBeEmpty();
        Join(Planned(2, null, 1), 1).ShouldBeEmpty();
    }

    [Fact]
    public void whoever_waits_longest_moves_up_at_once_when_a_place_becomes_free() =>
        new WithdrawFromActivity(Id(1))
            .Decide(Planned(2, null, 1, 2, 3, 4), GivenActivity.Id, Day(2))
            .Then(new MemberWithdrew(Id(1), Day(2)), new MemberMovedUp(Id(3), Day(30), Day(2)));

    [Fact]
    public void who_gives_up_waiting_moves_nobody_up() =>
        new WithdrawFromActivity(Id(3))
            .Decide(Planned(2, null, 1, 2, 3, 4), GivenActivity.Id, Day(2))
            .Then(new MemberWithdrew(Id(3), Day(2)));

    [Fact]
    public void who_is_not_there_withdraws_nothing() =>
        new WithdrawFromActivity(Id(9)).Decide(Planned(2, null, 1), GivenActivity.Id, Day(2)).ShouldBeEmpty();

    [Fact]
    public void after_the_beginning_nobody_moves_up() =>
        new WithdrawFromActivity(Id(1))
            .Decide(Planned(2, null, 1, 2, 3), GivenActivity.Id, Day(30).AddMinutes(1))
            .Then(new MemberWithdrew(Id(1), Day(30).AddMinutes(1)));

    [Fact]
    public void more_places_go_to_those_who_wait_and_fewer_than_are_taken_are_refused()
    {
        var activity = Planned(2, null, 1, 2, 3, 4, 5);
        var revised = Tasting(4).Revise(activity, GivenActivity.Id, Rules(), Day(3));
        revised.Skip(1).ToArray().Then(new MemberMovedUp(Id(3), Day(30), Day(3)), new MemberMovedUp(Id(4), Day(30), Day(3)));
        Tasting(2).Revise(activity, GivenActivity.Id, Rules(), Day(3)).ShouldBeEmpty("nothing is different");
        Refused(() => Tasting(1).Revise(activity, GivenActivity.Id, Rules(), Day(3)), "capacity-taken");
    }

    [Fact]
    public void sign_up_has_a_window_a_tier_and_needs_an_account()
    {
        Refused(() => Join(Planned(), 1, day: -1), "sign-up-closed");
        Refused(() => Join(Planned(), 1, day: 30), "sign-up-closed");
        Refused(() => Join(Planned(2, "Gold"), 1, account: Earned(600)), "tier-too-low");
        Join(Planned(2, "Gold"), 1, account: Earned(6000)).Length.ShouldBe(1);
        Refused(() => Join(Planned(), 1, account: LoyaltyAccount.Initial), "no-account");
        Refused(() => Join(Planned(), 1, account: Earned(10).Evolve(new HolderForgotten(Day(1)))), "customer-forgotten");
        Should.Throw<NotFoundException>(() => Join(Activity.Initial, 1));
    }

    [Fact]
    public void a_cancelled_activity_takes_nobody_and_nobody_waits_for_it()
    {
        var activity = Planned(1, null, 1, 2);
        var cancelled = new CancelActivity("weather").Decide(activity, GivenActivity.Id, Day(2));
        cancelled.Then(new ActivityCancelled("weather", Day(2)));
        activity = activity.After(cancelled);
        new CancelActivity("again").Decide(activity, GivenActivity.Id, Day(3)).ShouldBeEmpty();
        Refused(() => Join(activity, 3), "activity-cancelled");
        Refused(() => new CheckIn(Id(1)).Decide(activity, GivenActivity.Id, Earned(1), Day(30)), "activity-cancelled");
        Refused(() => Tasting(5).Revise(activity, GivenActivity.Id, Rules(), Day(3)), "activity-cancelled");
        new WithdrawFromActivity(Id(1)).Decide(activity, GivenActivity.Id, Day(3)).Then(new MemberWithdrew(Id(1), Day(3)));
        Refused(() => new CancelActivity("late").Decide(Planned(), GivenActivity.Id, Day(31)), "activity-over");
    }

    [Fact]
    public void attendance_is_noted_once_and_earns_its_points_once()
    {
        var activity = Planned(2, null, 1, 2, 3);
        var attended = new CheckIn(Id(1)).Decide(activity, GivenActivity.Id, Earned(10), Day(30));
        attended.Then(new MemberAttended(Id(1), 30, Day(30)));
        var account = Earned(10);
        var awarded = CheckIn.Award(account, attended, GivenActivity.Id, Rules());
        awarded.OfType<PointsEarned>().Single().Points.ShouldBe(30);
        CheckIn.Award(account.After(awarded), attended, GivenActivity.Id, Rules()).ShouldBeEmpty();
        new CheckIn(Id(1)).Decide(activity.After(attended), GivenActivity.Id, account, Day(30)).ShouldBeEmpty();
        Refused(() => new WithdrawFromActivity(Id(1)).Decide(activity.After(attended), GivenActivity.Id, Day(30)), "already-attended");
        Refused(() => new CheckIn(Id(3)).Decide(activity, GivenActivity.Id, Earned(10), Day(30)), "no-place");
        Refused(() => new CheckIn(Id(1)).Decide(activity, GivenActivity.Id, Earned(10), Day(29)), "check-in-closed");
        Refused(() => new CheckIn(Id(1)).Decide(activity, GivenActivity.Id, Earned(10), Day(40)), "check-in-closed");
    }

    [Fact]
    public void who_was_forgotten_leaves_and_the_next_one_has_the_place()
    {
        var activity = Planned(2, null, 1, 2, 3);
        var removed = RemoveForgotten.Decide(activity, [Id(2), Id(8)], Day(4));
        removed.Then(new MemberRemoved(Id(2), Day(4)), new MemberMovedUp(Id(3), Day(30), Day(4)));
        RemoveForgotten.Decide(activity.After(removed), [Id(2)], Day(4)).ShouldBeEmpty();
        var withdrew = activity.After(new WithdrawFromActivity(Id(1)).Decide(activity, GivenActivity.Id, Day(2)));
        RemoveForgotten.Decide(withdrew, [Id(1)], Day(4)).Then(new MemberRemoved(Id(1), Day(4)));
    }

    [Fact]
    public void plans_that_cannot_be_are_refused()
    {
        Refused(() => Plan(Tasting() with { EndsAt = Day(29) }), "ends-before-it-starts");
        Refused(() => Plan(Tasting() with { SignUpUntil = Day(0) }), "sign-up-window");
        Refused(() => Plan(Tasting() with { SignUpUntil = Day(40) }), "sign-up-window");
        Refused(() => Plan(Tasting() with { MinimumTier = "Wood" }), "unknown-tier");
        Refused(() => Plan(Tasting() with { Titles = new() { ["en"] = " " } }), "title-invalid");

        static void Plan(PlanActivity plan) => plan.Decide(Activity.Initial, Rules(), Day(0));
    }

    static void Refused(Action action, string code) => Should.Throw<RuleViolationException>(action).Code.ShouldBe(code);
}
