using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rules;
using CrmPlatform.Segmentation.RuleSegments;

namespace CrmPlatform.Segmentation.Tests.Rules;

/// <summary>Random histories of a customer, and random rules about them.</summary>
static class RuleWorld
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Business Business { get; } = new() { TimeZone = "America/New_York" };

    static readonly string[] categories = ["toys", "books", "garden"];
    static readonly string[] provinces = ["Beijing", "Shanghai"];
    static readonly string[] tiers = ["silver", "gold"];

    /// <summary>In the order in which it happened. What is told of an order or a ticket comes after it.</summary>
    public static List<(DateTimeOffset At, object Event)> History(Random random, int facts, int days = 200)
    {
        var told = new List<(DateTimeOffset At, object Event)>();
        var (orders, tickets, said) = (new List<PurchaseCounted>(), new List<TicketNoted>(), new SaidWorld(random));
        // Whole hours: so facts meet the ends of windows, and each other.
        var instants = Enumerable.Range(0, facts).Select(_ => Start.AddHours(random.Next(days * 24))).Order().ToList();
        foreach (var at in instants)
            told.Add((at, Next(at)));
        return told;

        object Next(DateTimeOffset at)
        {
            switch (random.Next(15))
            {
                case 0 when orders.Count > 0:
                    var order = orders[random.Next(orders.Count)];
                    return new ReturnCounted(order.PurchaseId, Id(random), order.Net / 3, random.Next(2) == 0, at, null, null);
                case 1 when orders.Count > 0:
                    return new PurchaseUncounted(orders[random.Next(orders.Count)].PurchaseId, at, null);
                case 2:
                    tickets.Add(new(Id(random), random.Next(2) == 0 ? "complaint" : "request", "billing", at));
                    return tickets[^1];
                case 3 when tickets.Count > 0:
                    return new TicketSettled(tickets[random.Next(tickets.Count)].TicketId, at);
                case 4:
                    return new TierNoted(One(tiers), at);
                case 5:
                    return new ProfileNoted(
                        Guid.Empty,
                        Personal.Of(Guid.Empty, new CoarseProfile("individual", null, null, null, 2, One(provinces), null)),
                        at
                    );
                case 6:
                    return new ConsentNoted("marketing", "email", random.Next(2) == 0, at);
                case 7:
                    return new PageViewNoted(Id(random), One(categories), at);
                case 8:
                    return new LifecycleStageChanged(null, (LifecycleStage)random.Next(1, 5), LifecycleRules.Purchase, at, null);
                case 9:
                    return new SurveyNoted(Id(random), "csat", random.Next(1, 6), at);
                case >= 12:
                    return said.Next(at);
                default:
                    long[] nets = [random.Next(1, 90) * 100, random.Next(1, 90) * 100];
                    orders.Add(
                        new(
                            Id(random),
                            nets.Sum(),
                            at,
                            null,
                            Channel: random.Next(2) == 0 ? "web" : "store",
                            Lines: [.. nets.Select(net => new LineCounted("p", One(categories), null, net, random.Next(2) == 0))]
                        )
                    );
                    return orders[^1];
            }
        }

        T One<T>(T[] of) => of[random.Next(of.Length)];
    }

    public static Condition Rule(Random random, int depth = 3)
    {
        if (depth > 0 && random.Next(3) > 0)
            return random.Next(4) switch
            {
                0 => new(All: Some()),
                1 => new(Any: Some()),
                2 => new(Not: Rule(random, depth - 1)),
                _ => new(AtLeast: new(2, Some(3))),
            };
        var (days, often) = (random.Next(1, 60), random.Next(1, 4));
        return random.Next(15) switch
        {
            0 => new(Profile: new("province", [provinces[random.Next(2)]], Missing: Missing())),
            1 => new(Consent: new("marketing")),
            2 => new(Did: new(new("page-view", categories[random.Next(3)]), often, Within: new(days))),
            3 => new(Did: new(new("survey", MaxScore: 2), AtMost: often - 1, Within: new(BusinessDays: days))),
            4 => new(OpenTickets: new("complaint", 1)),
            5 => new(Silence: new("purchase", AtLeastDays: days, Missing: Missing())),
            6 => new(Silence: new("contact", UnderDays: days)),
            7 => new(Score: new("tier", ["gold"], Missing: Missing())),
            8 => new(Score: new("stage", ["Repeat", "Active"])),
            9 => new(Sequence: new(new("page-view"), new("purchase"), days, random.Next(2) == 0 ? new("ticket") : null)),
            12 => new(Score: new("grade", [SaidWorld.Grades[random.Next(2)]], Missing: Missing(), Scheme: "value")),
            13 => new(Score: new("riskBand", SaidWorld.Some(random, SaidWorld.Bands), Missing: Missing())),
            14 => new(Score: new("churn", SaidWorld.Some(random, SaidWorld.Bases))),
            _ => new(Purchases: Purchases()),
        };

        IReadOnlyList<Condition> Some(int least = 1) =>
            [.. Enumerable.Range(0, random.Next(least, 4)).Select(_ => Rule(random, depth - 1))];

        string? Missing() => random.Next(2) == 0 ? "no" : null;

        PurchasesMade Purchases()
        {
            var measure = (string[])["count", "net", "average", "distinctDays", "maxGap"];
            var asked = new PurchasesMade(
                measure[random.Next(5)],
                Category: random.Next(2) == 0 ? categories[random.Next(3)] : null,
                Channel: random.Next(3) == 0 ? "web" : null,
                Within: random.Next(4) switch
                {
                    0 => null,
                    1 => new(BusinessDays: days),
                    2 => new(This: "month"),
                    _ => new(days),
                }
            );
            decimal edge = asked.Measure switch
            {
                "count" or "distinctDays" => often,
                "maxGap" => days,
                _ => random.Next(1, 200) * 100,
            };
            return random.Next(3) == 0 ? asked with { AtMost = edge } : asked with { AtLeast = edge };
        }
    }

    public static CustomerFacts Facts(IEnumerable<object> events)
    {
        var facts = new CustomerFacts { CustomerId = new("00000000-0000-0000-0000-000000000001") };
        var source = 0;
        foreach (var e in events)
            Add(facts, e, source++);
        return facts;
    }

    public static void Add(CustomerFacts facts, object e, int source = 0)
    {
        if (e is ISaidOfCustomer said)
            SaidFold.Apply(facts, said, source);
        else
            FactFold.Apply(facts, e, source);
    }

    /// <summary>Every hour of the history and some days after: changes come at whole hours, by the calendar too.</summary>
    public static IEnumerable<long> Hours(int days = 270) => Enumerable.Range(0, days * 24).Select(h => Instant.Of(Start.AddHours(h)));

    internal static Guid Id(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }
}
