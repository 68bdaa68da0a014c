using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>What other rooms tell of customers, by chance: at once or late, and what is about an order or a ticket after it.</summary>
sealed class RoomFacts(Random random)
{
    static readonly string[] categories = ["toys", "books", "garden"];

    readonly List<Contracts.PurchaseRecorded> bought = [];
    readonly List<(Guid Of, Guid Ticket, bool Open)> tickets = [];

    public (string Publisher, object Fact) Next(Guid of, DateTimeOffset now)
    {
        // Within the last days, more often of today.
        var at = now.AddHours(-(random.Next(3) > 0 ? random.Next(5) : random.Next(20 * 24)));
        switch (random.Next(16))
        {
            case 0 or 13 when bought.Count > 0:
                var order = bought[random.Next(bought.Count)];
                return ("customers", GroupWorld.Returned(order, order.Net / 3, random.Next(2) == 0, at < order.OccurredAt ? now : at));
            case 1 when bought.Count > 0:
                return ("customers", GroupWorld.Retracted(bought[random.Next(bought.Count)]));
            case 2:
                tickets.Add((of, Guid.CreateVersion7(), true));
                var kind = random.Next(2) == 0 ? "complaint" : "request";
                return ("service-desk", new Contracts.TicketOpened(of, tickets[^1].Ticket, kind, "billing", "high", "email", at, at, at));
            case 3 or 14 when tickets.Count > 0:
                var i = random.Next(tickets.Count);
                var (customer, ticket, open) = tickets[i];
                tickets[i] = (customer, ticket, !open);
                return (
                    "service-desk",
                    open
                        ? new Contracts.TicketResolved(customer, ticket, "refunded", "price", 5, now)
                        : new Contracts.TicketReopened(customer, ticket, "again", now)
                );
            case 4:
                return ("loyalty", new Contracts.TierChanged(of, null, random.Next(2) == 0 ? "silver" : "gold", 5, at));
            case 5:
                return ("customers", SegmentWorld.Lives(of, random.Next(2) == 0 ? "Beijing" : "Shanghai", at));
            case 6:
                return ("customers", new Contracts.ConsentChanged(of, "marketing", "email", random.Next(3) > 0, "n1", at));
            case 7:
                return ("customers", new Contracts.PageViewed(of, Guid.CreateVersion7(), "/p", categories[random.Next(3)], "web", at));
            case 8:
                return ("customers", new Contracts.InteractionRecorded(of, Guid.CreateVersion7(), "phone", "inbound", "price", true, at));
            case 9:
                return ("service-desk", new Contracts.SurveyAnswered(of, Guid.CreateVersion7(), "csat", random.Next(1, 6), at));
            default:
                bought.Add(SegmentWorld.Toys(of, at, categories[random.Next(3)]) with { Channel = random.Next(2) == 0 ? "web" : "store" });
                return ("customers", bought[^1]);
        }
    }
}
