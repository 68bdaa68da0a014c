using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Care.Calendar;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Care.GivenCare;
using OnCustomerRegistered = CrmPlatform.Loyalty.Care.OnCustomerRegistered;
using OnPurchaseRecorded = CrmPlatform.Loyalty.Care.OnPurchaseRecorded;

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
                    var run = new Run();
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
                    var run = new Run();
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
                        where due > Run.Begin && due <= run.Latest
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
    public void how_often_the_clock_comes_by_makes_no_difference_to_what_is_decided_and_when_it_was_due() =>
        Prop.ForAll(
                histories,
                steps =>
                {
                    var (often, seldom) = (new Run(), new Run());
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
                    var run = new Run();
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

    sealed class Run
    {
        public static readonly DateTimeOffset Begin = At("2024-01-15T12:00");

        public CareCalendar Calendar { get; private set; } = GivenCare.Calendar();
        public CustomerCare Care { get; private set; } = CustomerCare.Initial;
        public List<(ICareEvent Fact, DateTimeOffset At)> Facts { get; } = [];
        public DateTimeOffset Now { get; private set; } = Begin;

        /// <summary>The latest instant at which the clock has come by.</summary>
        public DateTimeOffset Latest { get; private set; } = Begin;

        public Run()
        {
            Append(OnCustomerRegistered.Decide(Care, Calendar, new(Customer, At("2023-06-30T00:30"), Begin)));
            Append(OnBirthdayNoted.Decide(Care, Calendar, Customer, new(false, 2, 29), Begin));
            Append(OnConsentChanged.Decide(Care, new("sms", true, Begin)));
        }

        public void Pass(int hours) => Now = Now.AddHours(Math.Max(0, hours));

        public void Do(Step step)
        {
            Pass(step.Hours);
            switch (step.Kind)
            {
                case <= 3:
                    Tick();
                    break;
                case 4:
                    var seen = Care;
                    Tick();
                    // Another replica decided on what it saw before; it is refused and decides again on what is there now.
                    DecideCare.Decide(seen, Calendar, null, Now);
                    Tick();
                    break;
                case 5:
                    Append(
                        OnBirthdayNoted.Decide(
                            Care,
                            Calendar,
                            Customer,
                            step.Amount % 7 == 0 ? null : new(step.Amount % 2 == 0, 1 + step.Amount % 12, 1 + step.Amount % 28),
                            Now
                        )
                    );
                    break;
                case 6:
                    Append(OnPurchaseRecorded.Decide(Care, Calendar, new(Customer, Now.AddDays(-step.Amount), Now)));
                    break;
                case 7:
                    Append(OnConsentChanged.Decide(Care, new("sms", step.Amount % 2 == 0, Now)));
                    break;
                case 8:
                    // The clock jumps back for one round.
                    var before = Now.AddHours(-step.Amount);
                    Append(DecideCare.Decide(Care, Calendar, null, before), before);
                    break;
                default:
                    var version = Calendar.Plan.Version + 1;
                    Calendar = GivenCare.Calendar(p => p.Version = version);
                    Append(OnCustomerRegistered.Decide(Care, Calendar, new(Customer, Now, Now)));
                    break;
            }
        }

        public void Tick()
        {
            Append(DecideCare.Decide(Care, Calendar, null, Now));
            if (Now > Latest)
                Latest = Now;
        }

        public IEnumerable<(ICareEvent Fact, CareOf Of, DateTimeOffset At)> Outcomes() =>
            from f in Facts
            let of = f.Fact switch
            {
                CareCameDue d => d.Personal.Value,
                CareSuppressed s => s.Personal.Value,
                CarePassedOver p => p.Personal.Value,
                _ => null,
            }
            where of is not null
            select (f.Fact, of, f.At);

        void Append(ICareEvent[] events, DateTimeOffset? at = null)
        {
            Facts.AddRange(events.Select(e => (e, at ?? Now)));
            Care = Care.After(events);
        }
    }
}
