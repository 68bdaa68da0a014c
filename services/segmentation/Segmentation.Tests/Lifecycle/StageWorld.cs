using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Tests.Lifecycle;

/// <summary>One thing that is told of a customer and may decide the stage.</summary>
sealed record Told(DateTimeOffset At, string What, Func<CustomerValue, ICustomerEvent[]> Decide);

/// <summary>A customer in memory, of whom everything is told that decides stages.</summary>
static class StageWorld
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Loyalty is near: three orders, or a tier.</summary>
    public static readonly LifecyclePolicy Policy = LifecyclePolicy.Default with
    {
        LoyalOrders = 3,
        LoyalTiers = new HashSet<string> { "gold", "platinum" },
    };

    static readonly Yardstick yardstick = new(new() { TimeZone = "America/New_York", Currency = "USD" }, Policy, Run: null);

    public static DateTimeOffset Day(double day) => Start.AddDays(day);

    public static Told Buys(double day) =>
        new(Day(day), $"buys {day}", c => new CountPurchase(Guid.CreateVersion7(), 100, Day(day)).Decide(c, yardstick));

    public static Told Speaks(double day, bool answered = true) =>
        Mark(day, $"speaks {day}", LifecycleRules.Contact, new InteractionNoted(Guid.Empty, "inbound", "question", answered, Day(day)));

    public static Told Answers(double day, int score) =>
        Mark(day, $"answers {score} {day}", LifecycleRules.Survey, new SurveyNoted(Guid.Empty, "csat", score, Day(day)));

    public static Told Gets(double day, string tier) => Mark(day, $"{tier} {day}", LifecycleRules.Tier, new TierNoted(tier, Day(day)));

    public static Told Ends(double day) =>
        Mark(day, $"ends {day}", LifecycleRules.Ended, new LifecycleEnded("moved-abroad", Day(day)), atOnce: true);

    public static Told Reopens(double day) =>
        Mark(day, $"reopens {day}", LifecycleRules.Reopened, new LifecycleReopened("came-back", Day(day)), atOnce: true);

    static Told Mark(double day, string what, string cause, ICustomerEvent fact, bool atOnce = false) =>
        new(Day(day), what, c => new NoteMark(fact, Day(day), cause).Decide(c, Policy, atOnce));

    public static CustomerValue After(CustomerValue customer, ICustomerEvent[] facts) => facts.Aggregate(customer, (s, e) => s.Evolve(e));

    /// <summary>The clock comes by on these days, between what is told, each at its instant.</summary>
    public static List<LifecycleStageChanged> History(IEnumerable<Told> told, IEnumerable<double> ticks)
    {
        var (customer, history) = (CustomerValue.Initial, new List<LifecycleStageChanged>());
        foreach (
            var (_, next) in told.Select(t => (0, t)).Concat(ticks.Select(t => (1, Clock(t)))).OrderBy(t => t.Item2.At).ThenBy(t => t.Item1)
        )
        {
            var facts = next.Decide(customer);
            customer = After(customer, facts);
            history.AddRange(facts.OfType<LifecycleStageChanged>());
        }
        return history;
    }

    public static (LifecycleStage, double, string)[] Steps(IEnumerable<LifecycleStageChanged> history) =>
        [.. history.Select(s => (s.To, (s.OccurredAt - Start).TotalDays, s.Cause))];

    public static Told Clock(double day) => new(Day(day), $"clock {day}", c => new PassTime(Day(day)).Decide(c, Policy));

    /// <summary>A life of some years, in the order of its instants.</summary>
    public static List<Told> Life(Random random)
    {
        var (day, life) = (0.0, new List<Told>());
        for (var i = random.Next(2, 30); i > 0; i--)
        {
            day += random.Next(5) == 0 ? random.Next(0, 200) : random.Next(1, 40) / 2.0;
            life.Add(
                random.Next(12) switch
                {
                    0 => Speaks(day, random.Next(3) > 0),
                    1 or 2 => Answers(day, random.Next(1, 6)),
                    3 or 4 => Gets(day, ((string[])["silver", "gold", "platinum"])[random.Next(3)]),
                    // Nobody decides at the very tick at which 30 days have held.
                    5 => Ends(day + (i / 1000.0)),
                    6 => Reopens(day + (i / 1000.0)),
                    _ => Buys(day),
                }
            );
        }
        return life;
    }

    public static double[] Ticks(Random random) => [.. Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(4000) / 2.0), 9000];
}
