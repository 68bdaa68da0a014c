using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;

namespace CrmPlatform.Segmentation.Tests.Churn;

public class CauseRulesTests
{
    static readonly DateTimeOffset silence = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    static Signal Told(string kind, string cause, double weight, double daysBefore) =>
        new(Guid.CreateVersion7(), kind, cause, silence.AddDays(-daysBefore), weight);

    [Fact]
    public void the_worked_example_points_at_service_with_its_three_events()
    {
        Signal[] signals =
        [
            Told("sla-breach", "service", 2, 10),
            Told("low-csat", "service", 3, 5),
            Told("defect-return", "product", 2, 30),
        ];
        var found = CauseRules.Find(signals, silence);
        found.Cause.ShouldBe("service");
        found.Evidence.Where(e => e.Cause == "service").Sum(e => e.Weight).ShouldBe(4.4921, 1e-4);
        found.Evidence.Single(e => e.Cause == "product").Weight.ShouldBe(1.2599, 1e-4);
        found.Shares.Select(s => (s.Cause, s.Share)).ShouldBe([("service", .6653), ("product", .1866), ("unknown", .1481)]);
        found.Evidence.Select(e => e.EventId).ShouldBe([signals[2].EventId, signals[0].EventId, signals[1].EventId]);
    }

    [Fact]
    public void little_evidence_or_none_or_old_is_unknown()
    {
        CauseRules.Find([], silence).ShouldSatisfyAllConditions(f => f.Cause.ShouldBe("unknown"), f => f.Shares[0].Share.ShouldBe(1));
        // 2 · 2^(−80 / 45) = .5832: a share of .3684.
        CauseRules.Find([Told("sla-breach", "service", 2, 80)], silence).Cause.ShouldBe("unknown");
        CauseRules.Find([Told("low-csat", "service", 3, 120)], silence).Evidence.Count.ShouldBe(1);
        CauseRules.Find([Told("low-csat", "service", 3, 120.01), Told("low-csat", "service", 3, -0.01)], silence).Evidence.ShouldBeEmpty();
        CauseRules.Find([Told("consent-withdrawn", "unknown", 1, 0)], silence).Shares.ShouldBe([new("unknown", 1)]);
    }

    [Fact]
    public void signals_are_those_that_this_room_hears_of()
    {
        var (solved, open) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        object[] told =
        [
            new TicketNoted(solved, "complaint", "billing", silence.AddDays(-20)),
            new TicketNoted(open, "complaint", "billing", silence.AddDays(-9)),
            new TicketNoted(Guid.CreateVersion7(), "request", "billing", silence.AddDays(-9)),
            new BreachNoted(open, "resolution", silence.AddDays(-8)),
            new BreachNoted(open, "first-response", silence.AddDays(-8)),
            new BreachTakenBack(open, "first-response", silence.AddDays(-8), silence.AddDays(3)),
            new TicketSettled(solved, silence.AddDays(-7)),
            new TicketSettled(open, silence.AddDays(1)),
            new SurveyNoted(solved, "csat", 2, silence.AddDays(-6)),
            new SurveyNoted(solved, "csat", 3, silence.AddDays(-6)),
            new SurveyNoted(solved, "nps", 1, silence.AddDays(-6)),
            new TicketOpenAgain(solved, silence.AddDays(-5)),
            new TicketSettled(solved, silence.AddDays(-4)),
            new ConsentNoted("marketing", "email", true, silence.AddDays(-3)),
            new ConsentNoted("marketing", "email", false, silence.AddDays(-2)),
        ];
        RecordedEvent[] events =
        [
            .. told.Select((t, i) => new RecordedEvent(Guid.CreateVersion7(), Guid.Empty, i + 1, i + 1, t, EventMetadata.None, silence)),
        ];
        Signals
            .Of(events, silence)
            .Select(s => (s.Kind, s.Weight))
            .ShouldBe([("complaint-unsolved", 3), ("sla-breach", 2), ("low-csat", 3), ("ticket-reopened", 2), ("consent-withdrawn", 1)]);
    }
}
