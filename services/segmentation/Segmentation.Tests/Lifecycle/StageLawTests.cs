using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Stages;
using static CrmPlatform.Segmentation.Tests.Lifecycle.StageWorld;

namespace CrmPlatform.Segmentation.Tests.Lifecycle;

/// <summary>The laws of stages, over random lives.</summary>
public class StageLawTests
{
    static void Over(int lives, Action<Random> law) =>
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed => law(new(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(lives));

    static IEnumerable<object> Transitions(IEnumerable<LifecycleStageChanged> history) =>
        history.Select(s => (object)(s.From, s.To, s.Cause, s.OccurredAt, s.Reason));

    [Fact]
    public void any_cadence_of_the_clock_gives_the_same_history() =>
        Over(
            2000,
            random =>
            {
                var life = Life(random);
                Transitions(History(life, Ticks(random)))
                    .ShouldBe(Transitions(History(life, Ticks(random))), string.Join(", ", life.Select(t => t.What)));
            }
        );

    [Fact]
    public void live_history_is_the_replay_of_all_that_is_known() =>
        Over(
            2000,
            random =>
            {
                var life = Life(random);
                var customer = life.Aggregate(CustomerValue.Initial, (c, t) => After(c, t.Decide(c)));
                History(life, Ticks(random))
                    .Select(s => (s.To, s.Cause, s.OccurredAt, s.Reason))
                    .ShouldBe(
                        customer.Steps(Policy).Select(s => (s.Stage, s.Cause, s.At, s.Reason)),
                        string.Join(", ", life.Select(t => t.What))
                    );
            }
        );

    [Fact]
    public void told_in_any_order_all_ends_in_the_same_stage() =>
        Over(
            3000,
            random =>
            {
                var life = Life(random);
                var told = life.OrderBy(_ => random.Next()).ToList();
                // A late order states all anew: let those that are no orders come last, too.
                if (random.Next(2) == 0)
                    told = [.. told.OrderBy(t => !t.What.StartsWith("buys", StringComparison.Ordinal))];
                // The clock never runs before what was told in time.
                var known = life.Max(t => t.At);
                var customer = CustomerValue.Initial;
                foreach (var next in told)
                {
                    customer = After(customer, next.Decide(customer));
                    if (random.Next(4) == 0)
                        customer = After(customer, Clock((known - Start).TotalDays).Decide(customer));
                }
                var last = Clock((known - Start).TotalDays + random.Next(1, 400));
                customer = After(customer, last.Decide(customer));
                var (steps, because) = (customer.Steps(Policy), string.Join(", ", told.Select(t => t.What)));
                (customer.Stage, customer.DueAt).ShouldBe(
                    (steps.Before(last.At)?.Stage ?? customer.Stage, steps.DueFrom(last.At)),
                    because
                );
            }
        );

    [Fact]
    public void times_in_stages_add_up_to_the_customers_age() =>
        Over(
            1000,
            random =>
            {
                var life = Life(random);
                var registered = random.Next(2) == 0 ? [] : OnCustomerRegistered.Decide(CustomerValue.Initial, Day(random.Next(300)));
                var said = registered.OfType<LifecycleStageChanged>().Concat(History(life, Ticks(random))).ToList();
                if (said.Count == 0)
                    return;
                var now = Day(9000).AddMilliseconds(random.Next(5000));
                var spans = StageSpans.Of(said.Select(s => new StageSaid(s.To.ToString(), s.Cause, s.Reason, s.OccurredAt)), now);
                spans.Sum(s => s.Seconds).ShouldBe(StageSpans.Seconds(spans[0].From, now));
                spans.Zip(spans.Skip(1)).ShouldAllBe(s => s.First.Until == s.Second.From && s.First.From <= s.Second.From);
                spans[0].From.ShouldBe(said.Min(s => s.OccurredAt));
                spans[^1].Until.ShouldBeNull();
            }
        );
}
