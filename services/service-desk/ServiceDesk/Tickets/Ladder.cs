using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>Dates the steps of the escalation ladder: whenever a clock starts, continues or is due otherwise.</summary>
static class Ladder
{
    /// <summary>The facts, and after them the steps of the clocks that they touch. What was taken stays taken.</summary>
    public static ITicketEvent[] WithSteps(this ITicketEvent[] facts, Ticket before, DeskRules rules, DateTimeOffset at)
    {
        var after = facts.Aggregate(before, (ticket, fact) => ticket.Evolve(fact));
        var calendar = rules.Calendar(after.Calendar, at);
        var steps =
            from clock in after.Clocks
            let was = before.Running(clock.Name)
            where clock.Clock.RunsSince is not null && (clock.Clock.RunsSince, clock.Clock.DueAt) != (was?.RunsSince, was?.DueAt)
            from step in after.Ladder.Index()
            where !after.Taken.Contains((clock.Name, clock.Number, step.Index))
            select new PlannedStep(
                clock.Name,
                clock.Number,
                step.Index,
                step.Item.Notify,
                Later(at, Instant(clock.Clock, step.Item, calendar))
            );
        PlannedStep[] planned = [.. steps];
        return planned.Length == 0 ? facts : [.. facts, new EscalationPlanned(planned, at)];
    }

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    static DateTimeOffset Instant(SlaClock clock, EscalationStep step, BusinessCalendar calendar) =>
        step.Percent == 100 && step.After == TimeSpan.Zero
            ? clock.DueAt!.Value
            : calendar.Add(clock.RunsSince!.Value, step.Of(clock.Target) - clock.Used);
}
