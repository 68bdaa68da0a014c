using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Portraits.Tests;

/// <summary>
/// Made-up histories in which every contract that a portrait looks at occurs, and many things happen at the same instant.
/// </summary>
static class Histories
{
    public static IReadOnlyList<Fact> Of(Guid customer, int seed, int count)
    {
        var random = new Random(seed);
        DateTimeOffset At() => PortraitsFixture.At("2026-01-01T00:00:00Z").AddHours(random.Next(200));
        T Any<T>(params T[] of) => of[random.Next(of.Length)];
        Guid Id() => new(Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256)).ToArray());
        var tickets = Enumerable.Range(0, 5).Select(_ => Id()).ToArray();
        Fact Told(string publisher, object contract) => PortraitsFixture.AsFact(publisher, contract) with { EventId = Id() };
        Fact One() =>
            random.Next(27) switch
            {
                0 => Told("customers", new Contracts.CustomerRegistered(customer, "individual", null, At())),
                1 or 2 or 3 => Told(
                    "customers",
                    new Contracts.PurchaseRecorded(
                        customer,
                        Id(),
                        "s",
                        "n",
                        Any("web", "Store", "app"),
                        "EUR",
                        10.5m,
                        "USD",
                        Any(10.51m, 3m, 7.125m),
                        Any(1.1m, 1.0837m),
                        [new("p", Any("GROCERY", "deli", null), 1, Any(1.10m, 2m, 0.333m))],
                        At()
                    )
                ),
                4 => Told(
                    "customers",
                    new Contracts.PurchaseReturned(
                        customer,
                        Id(),
                        Id(),
                        "web",
                        "USD",
                        1m,
                        "USD",
                        Any(1m, 2.50m),
                        Any(true, false),
                        At(),
                        At(),
                        null,
                        Any<IReadOnlyList<Contracts.ReturnedCategory>?>(
                            null,
                            [new("GROCERY", 1.10m), new(null, 0.33333333m)],
                            [new("deli", -2m)]
                        ),
                        Any("web", null)
                    )
                ),
                5 => Told("customers", new Contracts.PageViewed(customer, Id(), "/a", null, "web", At())),
                6 => Told(
                    "customers",
                    new Contracts.InteractionRecorded(customer, Id(), "phone", "outbound", "offer", Any(true, false), At())
                ),
                7 => Told(
                    "customers",
                    new Contracts.ConsentChanged(customer, Any("marketing", "Analytics"), Any("sms", "email"), Any(true, false), "v", At())
                ),
                8 => Told(
                    "segmentation",
                    new Contracts.RfmScored(customer, random.Next(1, 6), 2, 3, "x", "y", tickets[0], new(2026, 1, 1), true, At())
                ),
                9 => Told("segmentation", new Contracts.GradeChanged(customer, Any("abc", "other"), null, Any("A", "B"), tickets[0], At())),
                10 => Told("segmentation", new Contracts.LifecycleStageChanged(customer, null, Any("New", "Active"), "c", At())),
                11 => Told("segmentation", new Contracts.SegmentEntered(customer, Any("vip", "Éclair"), 1, "r", At())),
                12 => Told("segmentation", new Contracts.SegmentLeft(customer, Any("vip", "Éclair"), 1, "r", At())),
                13 => Told(
                    "service-desk",
                    new Contracts.TicketOpened(customer, Any(tickets), "complaint", "c", "normal", "web", At(), At(), At())
                ),
                14 => Told("service-desk", new Contracts.TicketWaiting(customer, Any(tickets), At())),
                15 => Told(
                    "service-desk",
                    new Contracts.TicketReplied(customer, Any(tickets), Any("customer", "agent"), "web", false, At())
                ),
                16 => Told("service-desk", new Contracts.TicketClosed(customer, Any(tickets), At())),
                17 => Told("service-desk", new Contracts.SlaBreached(customer, Any(tickets), "resolution", At())),
                18 => Told(
                    "service-desk",
                    new Contracts.SurveyAnswered(customer, Any(tickets), Any("csat", "nps"), random.Next(1, 6), At())
                ),
                19 => Told("loyalty", new Contracts.PointsEarned(customer, Id(), random.Next(50), Id(), 1, At(), 0, At())),
                20 => Told("loyalty", new Contracts.PointsRedeemed(customer, Id(), random.Next(50), "p", 0, At())),
                21 => Told("loyalty", new Contracts.PointsExpired(customer, Id(), random.Next(50), 0, At())),
                22 => Told("loyalty", new Contracts.TierChanged(customer, null, Any("Silver", "Gold"), 0, At())),
                23 => Told("loyalty", new Contracts.ExpiryCorrected(customer, Id(), Id(), random.Next(50), 0, At())),
                24 => Told("service-desk", new Contracts.BreachExcused(customer, Any(tickets), "resolution", At(), At())),
                25 => Told("segmentation", new Contracts.PopulationLeft(customer, "r", At())),
                _ => Told("loyalty", new Contracts.PointsAwarded(customer, Id(), random.Next(50), "r", 1, null, null, At(), 0, At())),
            };
        return [.. Enumerable.Range(0, count).Select(_ => One())];
    }
}
