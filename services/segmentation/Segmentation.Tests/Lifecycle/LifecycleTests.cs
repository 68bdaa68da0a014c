using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Tests.Lifecycle;

public class LifecycleTests
{
    static readonly LifecyclePolicy policy = LifecyclePolicy.Default;
    static readonly Yardstick yardstick = new(new() { TimeZone = "America/New_York", Currency = "USD" }, policy, Run: null);
    static readonly DateTimeOffset start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    static DateTimeOffset Day(double day) => start.AddDays(day);

    /// <summary>Buys on these days, the clock coming by at those moments in between, and returns the history that was recorded.</summary>
    static List<LifecycleStageChanged> History(IEnumerable<double> purchases, IEnumerable<double> ticks)
    {
        var (customer, history) = (CustomerValue.Initial, new List<LifecycleStageChanged>());
        foreach (
            var (day, buys) in purchases.Select(d => (d, true)).Concat(ticks.Select(d => (d, false))).OrderBy(e => e.d).ThenBy(e => e.Item2)
        )
        {
            var facts = buys
                ? new CountPurchase(Guid.CreateVersion7(), 100, Day(day)).Decide(customer, yardstick)
                : new PassTime(Day(day)).Decide(customer, policy);
            customer = facts.Aggregate(customer, (state, fact) => state.Evolve(fact));
            history.AddRange(facts.OfType<LifecycleStageChanged>());
        }
        return history;
    }

    static (LifecycleStage, double)[] Steps(IEnumerable<LifecycleStageChanged> history) =>
        [.. history.Select(s => (s.To, (s.OccurredAt - start).TotalDays))];

    [Fact]
    public void first_second_and_third_order() =>
        Steps(History([0, 10, 20, 30], [])).ShouldBe([(LifecycleStage.New, 0), (LifecycleStage.Repeat, 10), (LifecycleStage.Active, 20)]);

    [Fact]
    public void silence_is_dated_at_its_thresholds_however_late_the_clock_comes() =>
        Steps(History([0], [400])).ShouldBe([(LifecycleStage.New, 0), (LifecycleStage.Dormant, 90), (LifecycleStage.Churned, 180)]);

    [Fact]
    public void exactly_at_the_threshold_nobody_is_dormant_yet() =>
        Steps(History([0, 90], [90])).ShouldBe([(LifecycleStage.New, 0), (LifecycleStage.Repeat, 90)]);

    [Fact]
    public void dormant_leaves_by_a_purchase_to_where_the_orders_put_it() =>
        Steps(History([0, 100, 200], []))
            .ShouldBe([
                (LifecycleStage.New, 0),
                (LifecycleStage.Dormant, 90),
                (LifecycleStage.Repeat, 100),
                (LifecycleStage.Dormant, 190),
                (LifecycleStage.Active, 200),
            ]);

    [Fact]
    public void churned_is_won_back_by_a_purchase_and_active_by_the_next() =>
        Steps(History([0, 200, 210], []))
            .ShouldBe([
                (LifecycleStage.New, 0),
                (LifecycleStage.Dormant, 90),
                (LifecycleStage.Churned, 180),
                (LifecycleStage.WonBack, 200),
                (LifecycleStage.Active, 210),
            ]);

    [Fact]
    public void the_worked_dates_of_a_customer_whose_patience_is_45_days()
    {
        policy.Quiet([Day(0), Day(20), Day(50), Day(90)]).ShouldBe(TimeSpan.FromDays(45));
        Steps(History([0, 20, 50, 90, 200, 210], []))
            .ShouldBe([
                (LifecycleStage.New, 0),
                (LifecycleStage.Repeat, 20),
                (LifecycleStage.Active, 50),
                (LifecycleStage.Dormant, 135),
                (LifecycleStage.Churned, 180),
                (LifecycleStage.WonBack, 200),
                (LifecycleStage.Active, 210),
            ]);
    }

    [Fact]
    public void patience_follows_the_median_gap_from_the_third_gap_on()
    {
        policy.Quiet([Day(0), Day(40), Day(80)]).ShouldBe(TimeSpan.FromDays(90), "two gaps tell nothing");
        policy.Quiet([Day(0), Day(40), Day(80), Day(120)]).ShouldBe(TimeSpan.FromDays(60));
        policy.Quiet([Day(0), Day(40), Day(80), Day(120), Day(140)]).ShouldBe(TimeSpan.FromDays(60), "median of 20, 40, 40, 40");
        policy.Quiet([Day(0), Day(10), Day(40), Day(50), Day(100)]).ShouldBe(TimeSpan.FromDays(30), "median of 10, 10, 30, 50 is 20");
        policy.Quiet([Day(0), Day(1), Day(2), Day(3)]).ShouldBe(TimeSpan.FromDays(30), "never less than the minimum");
    }

    static readonly Arbitrary<(double[], double[], double[])> worlds = (
        from gaps in Gen.Choose(0, 300).ListOf()
        from ticks in Gen.Choose(0, 3000).ListOf()
        from otherTicks in Gen.Choose(0, 3000).ListOf()
        let days = gaps.Take(12).Aggregate(new List<double>(), (all, gap) => [.. all, (all.Count == 0 ? 0 : all[^1]) + (gap / 3.0)])
        select (days.ToArray(), ticks.Select(t => t / 2.0).ToArray(), otherTicks.Select(t => t / 2.0).ToArray())
    ).ToArbitrary();

    [Fact]
    public void any_cadence_of_the_clock_gives_the_same_history() =>
        Prop.ForAll(
                worlds,
                world =>
                {
                    var (purchases, often, seldom) = world;
                    return History(purchases, [.. often, 5000]).SequenceEqual(History(purchases, [.. seldom, 5000]));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void live_history_equals_the_replay_of_the_orders() =>
        Prop.ForAll(
                worlds,
                world =>
                {
                    var (purchases, ticks, _) = world;
                    var replayed = LifecycleRules
                        .Replay([.. purchases.Select(Day)], LifecycleMarks.None, policy)
                        .Select(s => (s.Stage, s.At));
                    return History(purchases, [.. ticks, 5000]).Select(s => (s.To, s.OccurredAt)).SequenceEqual(replayed);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void each_step_begins_where_the_last_one_ended_and_time_never_runs_backwards() =>
        Prop.ForAll(
                worlds,
                world =>
                {
                    var history = History(world.Item1, [.. world.Item2, 5000]);
                    return history
                        .Zip(history.Skip(1))
                        .All(pair =>
                            pair.First.To == pair.Second.From
                            && pair.First.OccurredAt <= pair.Second.OccurredAt
                            && pair.Second.From != pair.Second.To
                        );
                }
            )
            .QuickCheckThrowOnFailure();
}
