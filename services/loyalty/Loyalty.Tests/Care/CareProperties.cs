using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Care.Calendar;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Loyalty.Tests.Care;

/// <summary>
/// Any cadence of the clock, downtimes of years, clocks that jump back, facts told twice, birthdays that change, plans that change.
/// </summary>
public class CareProperties
{
    public sealed record Step(int Kind, int Amount, int Hours)
    {
        public override string ToString() => $"{Kind}/{Amount}/+{Hours}h";
    }

    static readonly Arbitrary<Step[]> histories = (
        from kind in Gen.Choose(0, 9)
        from amount in Gen.Choose(0, 400)
        from hours in Gen.Frequency((6, Gen.Choose(0, 60)), (3, Gen.Choose(0, 24 * 60)), (1, Gen.Choose(0, 24 * 800)))
        select new Step(kind, amount, hours)
    )
        .ArrayOf()
        .ToArbitrary();

    [Fact]
    public void each_occasion_of_a_year_is_decided_at_most_once_and_never_early() =>
        Prop.ForAll(
                histories,
                steps =>
                {
                    var run = new CareRun();
                    foreach (var step in steps)
                        run.Do(step);
                    var decided = run.Outcomes().ToList();
                    return decided.Select(d => (d.Of.Occasion, d.Of.Year)).Distinct().Count() == decided.Count
                        && decided.TrueForAll(d => d.Of.DueAt <= d.At)
                        && decided.TrueForAll(d => d.Fact is CarePassedOver == d.At - d.Of.DueAt > run.Calendar.Plan.StillWorth);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void every_festival_since_the_customer_was_known_is_decided_and_nothing_else_is_due() =>
        Prop.ForAll(
                histories,
                steps =>
                {
                    var run = new CareRun();
                    foreach (var step in steps)
                        run.Do(step);
                    run.Tick();
                    var expected =
                        from o in new[]
                        {
                            ("spring-festival", OccasionKind.Lunar, 1, 1),
                            ("mid-autumn", OccasionKind.Lunar, 8, 15),
                            ("new-year", OccasionKind.Solar, 1, 1),
                        }
                        from year in Enumerable.Range(2024, 75)
                        let due = run.Calendar.At(
                            OccasionDays.Of(o.Item2, o.Item3, o.Item4, year, new(null, null, null), LeapDayRule.February28)!.Value,
                            9
                        )
                        where due > CareRun.Begin && due <= run.Latest
                        select (o.Item1, year, due);
                    var festivals = run.Outcomes()
                        .Select(d => d.Of)
                        .Where(d => d.Occasion is "spring-festival" or "mid-autumn" or "new-year")
                        .Select(d => (d.Occasion, d.Year, d.DueAt));
                    return festivals.Order().SequenceEqual(expected.Order()) && (run.Care.NextAt is null || run.Care.NextAt > run.Now);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void how_often_the_clock_comes_by_makes_no_difference() =>
        Prop.ForAll(
                histories,
                steps =>
                {
                    var (often, seldom) = (new CareRun(), new CareRun());
                    foreach (var step in steps)
                    {
                        seldom.Pass(step.Hours);
                        for (var left = step.Hours; left > 0; left -= 31)
                        {
                            often.Pass(Math.Min(left, 31));
                            often.Tick();
                        }
                        if (step.Kind == 0)
                            seldom.Tick();
                    }
                    foreach (var run in new[] { often, seldom })
                        run.Tick();
                    return often
                        .Outcomes()
                        .Select(d => (d.Of.Occasion, d.Of.Year, d.Of.DueAt))
                        .Order()
                        .SequenceEqual(seldom.Outcomes().Select(d => (d.Of.Occasion, d.Of.Year, d.Of.DueAt)).Order());
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void a_replay_of_the_facts_is_the_state_that_lived_through_them() =>
        Prop.ForAll(
                histories,
                steps =>
                {
                    var run = new CareRun();
                    foreach (var step in steps)
                        run.Do(step);
                    var replayed = CustomerCare.Initial.After(run.Facts.Select(f => f.Fact));
                    return replayed.NextAt == run.Care.NextAt
                        && replayed.Birthday == run.Care.Birthday
                        && replayed.Decided == run.Care.Decided
                        && replayed.LastYears.OrderBy(y => y.Key).SequenceEqual(run.Care.LastYears.OrderBy(y => y.Key))
                        && replayed.Next(run.Calendar) == run.Care.Next(run.Calendar);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
