using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>What became of a promise, by some calendars.</summary>
/// <param name="BreachedAt">When it was broken, as was recorded and not excused.</param>
/// <param name="Broken">Whether it was broken by these calendars.</param>
/// <param name="Used">Business time that it took, once its clock has stopped.</param>
sealed record PastPromise(DateTimeOffset? BreachedAt, DateTimeOffset DueAt, DateTimeOffset? MetAt, bool Broken, TimeSpan Used);

/// <summary>A calendar of the past by id, version and instant.</summary>
delegate BusinessCalendar CalendarThen(string id, int rules, DateTimeOffset at);

/// <summary>
/// Judges the promises of a ticket again: its facts are folded as they would have been if the clocks had been counted by other calendars.
/// </summary>
static class PromiseHistory
{
    /// <summary>As of an instant; of several solutions the last one.</summary>
    /// <param name="excuses">Whether an excuse changes how a clock goes on, as it did when it was recorded.</param>
    public static Dictionary<(string Clock, int Number), PastPromise> Judge(
        TicketPast past,
        CalendarThen calendar,
        bool excuses,
        DateTimeOffset now
    )
    {
        var (ticket, solution, promises) = (Ticket.Initial, 1, new Dictionary<(string, int), PastPromise>());
        foreach (var fact in past.Facts)
        {
            if (fact is SlaBreached breach)
            {
                Set(Key(breach.Clock), p => p with { BreachedAt = breach.OccurredAt });
                continue;
            }
            if (fact is BreachExcused excused)
            {
                ticket = excuses ? ticket.Evolve(excused) : ticket;
                Set((excused.Clock, excused.Number), p => p with { BreachedAt = null, Broken = !excuses && p.Broken });
                continue;
            }
            var (at, paused) = (At(fact), ticket.Resolution is { RunsSince: null, Breached: false });
            Break(at);
            var counted = calendar(Pin(fact, ticket).Calendar, Pin(fact, ticket).Rules, at);
            ticket = ticket.Evolve(Anew(fact, ticket, at, counted));
            // What the solution before had broken stays broken.
            if (fact is TicketReopened && promises.Remove((Promises.Resolution, solution), out var before))
                promises[(Promises.Resolution, ++solution)] = before;
            Note();
            // Solved while it waited: it is due when it would have been, had it gone on.
            if (fact is TicketResolved && paused)
                Set((Promises.Resolution, solution), p => p with { DueAt = ticket.Resolution!.DueIfResumed(at, counted) });
        }
        Break(now);
        return promises;

        void Break(DateTimeOffset instant)
        {
            ticket = ticket.DueBefore(instant).OfType<SlaBreached>().Aggregate(ticket, (t, broken) => t.Evolve(broken));
            Note();
        }

        (string, int) Key(string clock) =>
            (
                clock,
                clock == Promises.Resolution ? solution
                : clock == Promises.NextUpdate ? ticket.NextUpdates
                : 1
            );

        void Set((string, int) key, Func<PastPromise, PastPromise> change) => promises[key] = change(promises[key]);

        void Note()
        {
            foreach (var (name, _, clock) in ticket.Clocks)
            {
                var was = promises.GetValueOrDefault(Key(name));
                promises[Key(name)] = new(
                    was?.BreachedAt,
                    clock.DueAt ?? was?.DueAt ?? default,
                    name == Promises.Resolution ? ticket.ResolvedAt : clock.MetAt,
                    clock.Breached,
                    clock.Used
                );
            }
        }
    }

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>By whose calendar the fact was counted: that of the ticket, or the one that the fact itself gives to it.</summary>
    static PolicyPin Pin(ITicketEvent fact, Ticket ticket) =>
        fact switch
        {
            TicketOpened e => new(e.PolicyId, e.PolicyVersion, e.Rules, e.Calendar),
            IPolicyChanged e => e.To,
            _ => ticket.Policy,
        };

    static ITicketEvent Anew(ITicketEvent fact, Ticket ticket, DateTimeOffset at, BusinessCalendar calendar)
    {
        return fact switch
        {
            TicketOpened e => e with
            {
                FirstResponseDueAt = calendar.Add(at, e.FirstResponseTarget),
                ResolutionDueAt = calendar.Add(at, e.ResolutionTarget),
                AcknowledgementDueAt = e.AcknowledgementTarget is { } target ? calendar.Add(at, target) : null,
            },
            NextUpdatePromised e => e with { DueAt = calendar.Add(at, e.Target) },
            TicketReplied e => e with { NextUpdateUsed = NextUpdate(e.NextUpdateUsed) },
            TicketWaiting e => e with { Used = ticket.Resolution!.UsedAt(at, calendar), NextUpdateUsed = NextUpdate(e.NextUpdateUsed) },
            TicketResolved e => e with { Used = ticket.Resolution!.UsedAt(at, calendar), NextUpdateUsed = NextUpdate(e.NextUpdateUsed) },
            TicketResumed e => e with { ResolutionDueAt = Resolution(), NextUpdateDueAt = NextUpdateDue(e.NextUpdateDueAt) },
            TicketReopened e => e with { ResolutionDueAt = Resolution(), NextUpdateDueAt = NextUpdateDue(e.NextUpdateDueAt) },
            PolicyUpgraded e => e with { Dues = [.. e.Dues.Select(Due)] },
            PolicyMigrated e => e with { Dues = [.. e.Dues.Select(Due)] },
            _ => fact,
        };

        TimeSpan? NextUpdate(TimeSpan? used) => used is null ? null : ticket.NextUpdate!.UsedAt(at, calendar);

        DateTimeOffset Resolution() => ticket.Resolution!.DueIfResumed(at, calendar);

        DateTimeOffset? NextUpdateDue(DateTimeOffset? due) => due is null ? null : ticket.NextUpdate!.DueIfResumed(at, calendar);

        MovedDue Due(MovedDue due) =>
            ticket.Running(due.Clock) is { RunsSince: { } since } clock
                ? due with
                {
                    DueAt = Later(at, calendar.Add(since, due.Target - clock.Used)),
                }
                : due;
    }

    static DateTimeOffset At(ITicketEvent fact) =>
        fact switch
        {
            TicketOpened e => e.OccurredAt,
            NextUpdatePromised e => e.OccurredAt,
            TicketReplied e => e.OccurredAt,
            ComplaintAcknowledged e => e.OccurredAt,
            TicketWaiting e => e.OccurredAt,
            TicketResumed e => e.OccurredAt,
            TicketResolved e => e.OccurredAt,
            TicketReopened e => e.OccurredAt,
            IPolicyChanged e => e.OccurredAt,
            _ => throw new InvalidOperationException($"{fact.GetType().Name} moves no clock"),
        };
}
