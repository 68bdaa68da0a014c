using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>
/// The signals among a customer's events. Defect returns, bad reviews, prices and named competitors are told by nobody yet: what comes back
/// does not say why.
/// </summary>
public static class Signals
{
    const int LowScore = 2;

    public static IEnumerable<Signal> Of(IReadOnlyList<RecordedEvent> events, DateTimeOffset silence)
    {
        foreach (var e in events)
            if (
                e.Data switch
                {
                    BreachNoted f when !IsTakenBack(events, f) => new Signal(e.Id, "sla-breach", CauseRules.Service, f.OccurredAt, 2),
                    SurveyNoted { Metric: "csat", Score: <= LowScore } f => new(e.Id, "low-csat", CauseRules.Service, f.OccurredAt, 3),
                    TicketOpenAgain f => new(e.Id, "ticket-reopened", CauseRules.Service, f.OccurredAt, 2),
                    TicketNoted { Kind: "complaint" } f when IsOpen(events, f.TicketId, silence) => new(
                        e.Id,
                        "complaint-unsolved",
                        CauseRules.Service,
                        f.OccurredAt,
                        3
                    ),
                    ConsentNoted { Granted: false } f => new(e.Id, "consent-withdrawn", CauseRules.Unknown, f.OccurredAt, 1),
                    _ => null,
                } is
                { } signal
            )
                yield return signal;
    }

    static bool IsTakenBack(IEnumerable<RecordedEvent> events, BreachNoted breach) =>
        events.Any(e =>
            e.Data is BreachTakenBack f && (f.TicketId, f.Clock, f.BreachedAt) == (breach.TicketId, breach.Clock, breach.OccurredAt)
        );

    /// <summary>Whether a ticket was open at an instant, whatever the order in which that was told.</summary>
    static bool IsOpen(IEnumerable<RecordedEvent> events, Guid ticket, DateTimeOffset at)
    {
        var (open, last) = (true, DateTimeOffset.MinValue);
        foreach (var e in events)
        {
            var (of, when, opens) = e.Data switch
            {
                TicketSettled f => (f.TicketId, f.OccurredAt, false),
                TicketOpenAgain f => (f.TicketId, f.OccurredAt, true),
                _ => (Guid.Empty, DateTimeOffset.MaxValue, false),
            };
            if (of == ticket && when <= at && when >= last)
                (open, last) = (opens, when);
        }
        return open;
    }
}
