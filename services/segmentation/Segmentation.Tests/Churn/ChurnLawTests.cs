using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Lifetime;

namespace CrmPlatform.Segmentation.Tests.Churn;

/// <summary>What holds for every customer, clock and order of arrival.</summary>
public class ChurnLawTests
{
    static readonly Guid customer = Guid.CreateVersion7();
    static readonly DateTimeOffset start = new(2024, 1, 1, 9, 30, 0, TimeSpan.Zero);
    static readonly Business business = new() { TimeZone = "America/New_York" };
    static readonly PurchaseModel mbg = new(ModelKind.Mbg, .525, 6.183, .891, 1.614);

    static void Check(int cases, Action<Random> law) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => law(new(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(cases));

    static ChurnYardstick By(RiskModel? model = null) => new(LifecyclePolicy.Default, business, model);

    static ChurnFacts Facts(IEnumerable<ChurnOrder> orders) => new(customer, false, [.. orders.OrderBy(o => o.At).ThenBy(o => o.Id)]);

    static List<ChurnOrder> Orders(Random random, int most = 8)
    {
        var (orders, at) = (new List<ChurnOrder>(), start);
        for (var n = random.Next(most + 1); n > 0; n--)
        {
            at = at.AddHours(random.Next(3) == 0 ? random.Next(9_000) : random.Next(1_500));
            orders.Add(new(Guid.CreateVersion7(), at));
        }
        return orders;
    }

    /// <summary>Twice θ after a purchase without another one, purchase by purchase.</summary>
    static List<(Guid After, Guid? ClosedBy, DateTimeOffset At)> Plain(ChurnFacts facts, DateTimeOffset now)
    {
        var (episodes, orders) = (new List<(Guid, Guid?, DateTimeOffset)>(), facts.Orders);
        for (var i = 0; i < orders.Count; i++)
        {
            var gone = orders[i].At + (2 * LifecyclePolicy.Default.Quiet([.. orders.Take(i + 1).Select(o => o.At)]));
            var next = i + 1 < orders.Count ? orders[i + 1] : null;
            if (gone <= now && !(next?.At <= gone))
                episodes.Add((orders[i].Id, next?.Id, gone));
        }
        return episodes;
    }

    [Fact]
    public void episodes_are_what_the_purchases_mean_in_any_order_and_are_declared_once() =>
        Check(
            3_000,
            random =>
            {
                var (all, known, churn, facts) = (Orders(random), new List<ChurnOrder>(), CustomerChurn.Initial, new List<IChurnEvent>());
                var now = start.AddDays(400);
                foreach (var order in all.OrderBy(_ => random.Next()).ToList())
                {
                    known.Add(order);
                    now = now.AddDays(random.Next(60));
                    for (var again = random.Next(3); again > 0; again--)
                        Judge();
                    // Sometimes a purchase turns out to be none, and is told again.
                    if (random.Next(4) == 0 && known.Count > 1)
                    {
                        var gone = known[random.Next(known.Count)];
                        known.Remove(gone);
                        Judge();
                        known.Add(gone);
                    }
                }
                now = now.AddDays(500);
                Judge();
                churn.Judge(Facts(known), By(), now).ShouldBeEmpty("nothing the second time");
                facts.OfType<ChurnDeclared>().GroupBy(d => d.EpisodeId).ShouldAllBe(d => d.Count() == 1);
                churn
                    .Episodes.Where(e => e.State != EpisodeState.Revoked)
                    .Select(e => (e.LastPurchase, e.ClosedBy))
                    .ShouldBe(Plain(Facts(all), now).Select(p => (p.After, p.ClosedBy)), ignoreOrder: true);

                void Judge()
                {
                    foreach (var fact in churn.Judge(Facts(known), By(), now))
                    {
                        facts.Add(fact);
                        churn = churn.Evolve(fact);
                    }
                }
            }
        );

    [Fact]
    public void any_clock_records_the_same_facts_and_is_due_when_they_begin() =>
        Check(
            1_500,
            random =>
            {
                var (all, end) = (Orders(random), start.AddDays(3_300));
                var model = new RiskModel(Guid.CreateVersion7(), mbg, start.AddDays(random.Next(-50, 700)).AddMinutes(random.Next(1_000)));
                var cancelled = random.Next(3) == 0 ? start.AddDays(random.Next(800)) : (DateTimeOffset?)null;
                var moments = all.Select(o => o.At)
                    .Concat(Enumerable.Range(0, random.Next(40)).Select(_ => start.AddHours(random.Next(60_000))));
                var (often, late) = (new List<IChurnEvent>(), new List<IChurnEvent>());
                var churn = CustomerChurn.Initial;
                foreach (var now in moments.Append(cancelled ?? end).Append(end).Order())
                {
                    if (now == cancelled)
                        churn = churn.Evolve(new CancellationNoted(customer, now));
                    churn = Judge(churn, all.Where(o => o.At <= now), now, often);
                }
                var once = cancelled is { } told
                    ? CustomerChurn.Initial.Evolve(new CancellationNoted(customer, told))
                    : CustomerChurn.Initial;
                Judge(once, all, end, late);
                foreach (var (one, other) in Said(often).Zip(Said(late)))
                    one.ShouldBe(other);
                often.Count.ShouldBe(late.Count);

                CustomerChurn Judge(CustomerChurn churn, IEnumerable<ChurnOrder> known, DateTimeOffset now, List<IChurnEvent> facts)
                {
                    var (all, by) = (Facts(known), By(now >= model.From ? model : null));
                    foreach (var fact in churn.Judge(all, by, now))
                    {
                        facts.Add(fact);
                        churn = churn.Evolve(fact);
                    }
                    if (churn.Next(all, by, now) is not { } next)
                        return churn;
                    next.ShouldBeGreaterThan(now);
                    churn.Judge(all, by, next.AddMicroseconds(-1)).ShouldBeEmpty();
                    churn.Judge(all, by, next).ShouldNotBeEmpty();
                    return churn;
                }

                static IEnumerable<string> Said(List<IChurnEvent> facts) =>
                    facts.OrderBy(f => f.OccurredAt).ThenBy(f => f.GetType().Name, StringComparer.Ordinal).Select(f => f.ToString()!);
            }
        );

    [Fact]
    public void a_band_never_gets_better_between_purchases_and_falls_at_its_instant() =>
        Check(
            1_500,
            random =>
            {
                var (orders, model) = (Facts(Orders(random, 12)).Orders, new RiskModel(Guid.CreateVersion7(), mbg, start));
                var steps = RiskBands.Changes(orders, model, business, default).ToList();
                var band = RiskBand.Ok;
                foreach (var step in steps)
                {
                    step.Band.ShouldNotBe(band);
                    if (!orders.Any(o => o.At == step.At))
                        ((int)step.Band).ShouldBeGreaterThan((int)band);
                    band = step.Band;
                    var gap = Gap.Of(orders, business).Last(g => g.Purchase.At <= step.At);
                    // By the end of the day P(alive) is below the level, at its beginning it was not (unless the customer was too young).
                    var day = business.DayOf(step.At);
                    var h = gap.History;
                    if (step.Cause != RiskBands.Time)
                        continue;
                    double level = step.Band switch
                    {
                        RiskBand.Watch => .5,
                        RiskBand.Risk => .3,
                        _ => .2,
                    };
                    mbg.Alive(h.X, h.Recency, h.Age(day)).ShouldBeLessThan(level);
                    if (!h.IsYoung(day.AddDays(-1)))
                        mbg.Alive(h.X, h.Recency, h.Age(day.AddDays(-1))).ShouldBeGreaterThan(level - 1e-9);
                }
            }
        );

    [Fact]
    public void the_published_instants_are_those_of_the_crossings()
    {
        // x = 1, t_x = 10 weeks: 26.594, 50.947 and 75.168 weeks after the end of the first day.
        ChurnOrder[] orders = [new(Guid.CreateVersion7(), start), new(Guid.CreateVersion7(), start.AddDays(70))];
        var model = new RiskModel(Guid.CreateVersion7(), mbg, start);
        // Without summer time.
        var shanghai = new Business();
        var from = shanghai.StartOf(shanghai.DayOf(start).AddDays(1));
        RiskBands
            .Changes(orders, model, shanghai, default)
            .Where(s => s.At > start.AddDays(70))
            .Select(s => (s.Band, Math.Round((s.At - from).TotalDays / 7, 3)))
            .ShouldBe([(RiskBand.Watch, 26.594), (RiskBand.Risk, 50.947), (RiskBand.Critical, 75.168)]);
    }
}
