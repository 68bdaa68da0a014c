using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Sla;

public class SlaClockTests
{
    static readonly BusinessCalendar desk = Shipped.Calendar("default", June(1, "10:00"));

    // Minutes that the clock runs, stands still, runs, …
    static readonly Arbitrary<int[]> lives = Gen.Choose(1, 3000).NonEmptyListOf().Select(l => l.Take(8).ToArray()).ToArbitrary();

    [Fact]
    public void remaining_time_is_constant_across_pauses() =>
        Prop.ForAll(
                lives,
                life =>
                {
                    var (now, target) = (June(1, "10:00"), TimeSpan.FromHours(40));
                    var (clock, counted, holds) = (SlaClock.Started(target, now, desk.Add(now, target)), TimeSpan.Zero, true);
                    for (var i = 0; i < life.Length; i++)
                    {
                        var next = now.AddMinutes(life[i]);
                        if (i % 2 == 0)
                        {
                            counted += desk.Between(now, next);
                            clock = clock.Stopped(clock.UsedAt(next, desk));
                            holds &= clock.RemainingAt(next, desk) == target - counted;
                        }
                        else
                        {
                            holds &= clock.RemainingAt(next, desk) == target - counted;
                            clock = clock.Resumed(next, clock.DueIfResumed(next, desk));
                            holds &= clock.RemainingAt(next, desk) <= TimeSpan.Zero || clock.DueAt == desk.Add(next, target - counted);
                        }
                        now = next;
                    }
                    return holds;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void what_is_left_is_counted_to_the_due_instant_whatever_the_calendar_says_later()
    {
        var (opened, target) = (June(1, "10:00"), TimeSpan.FromHours(24));
        var clock = SlaClock.Started(target, opened, desk.Add(opened, target));
        var closedOnTuesday = new CalendarSettings
        {
            Week = Enum.GetNames<DayOfWeek>().ToDictionary(d => d, _ => new[] { "09:00-17:00" }),
            Holidays = ["2026-06-02"],
        }.Build("America/New_York");
        var due = clock.DueAt!.Value;
        clock.RemainingAt(due, closedOnTuesday).ShouldBe(TimeSpan.Zero);
        clock.RemainingAt(due.AddHours(1), closedOnTuesday).ShouldBeLessThan(TimeSpan.Zero);
        var (paused, next) = (clock.Stopped(clock.UsedAt(due.AddHours(-1), closedOnTuesday)), due.AddHours(-1));
        paused.DueIfResumed(next, closedOnTuesday).ShouldBe(due, "a pause that lasts no time moves nothing");
    }

    [Fact]
    public void exactly_at_the_due_instant_is_in_time()
    {
        var clock = SlaClock.Started(TimeSpan.FromHours(1), June(1, "10:00"), June(1, "11:00"));
        clock.IsBroken(June(1, "11:00")).ShouldBeFalse();
        clock.IsBroken(June(1, "11:00").AddTicks(1)).ShouldBeTrue();
        (clock with { Breached = true }).IsBroken(June(2, "11:00")).ShouldBeFalse("once per clock");
        clock.Met(June(1, "10:30")).IsBroken(June(2, "11:00")).ShouldBeFalse();
    }

    [Fact]
    public void a_met_promise_stays_met() =>
        SlaClock
            .Started(TimeSpan.FromHours(1), June(1, "10:00"), June(1, "11:00"))
            .Met(June(1, "10:30"))
            .Met(June(1, "12:00"))
            .MetAt.ShouldBe(June(1, "10:30"));

    [Theory]
    [InlineData("complaint", null, 0, "normal")]
    [InlineData("complaint", "minor", 0, "normal")]
    [InlineData("complaint", "major", 0, "high")]
    [InlineData("complaint", "critical", 1, "urgent")]
    [InlineData("request", null, 1, "high")]
    [InlineData("feedback", null, 0, "low")]
    public void priority_follows_kind_and_severity_and_is_raised_by_the_policy(string kind, string? severity, int raise, string expected) =>
        Priorities.Of(kind, severity, raise).ShouldBe(expected);

    [Theory]
    [InlineData("Platinum", "C", "best-customers")]
    [InlineData("Silver", "A", "best-customers")]
    [InlineData(null, "B", "standard")]
    [InlineData(null, null, "standard")]
    public void the_policy_for_the_tier_precedes_grade_and_everybody(string? tier, string? grade, string policy) =>
        Shipped.At(June(1, "10:00")).For(new(tier, grade, false)).Policy.Id.ShouldBe(policy);
}
