using CrmPlatform.ServiceDesk.Policies;
using static CrmPlatform.ServiceDesk.Tests.Policies.GivenCorrections;
using static CrmPlatform.ServiceDesk.Tests.Policies.GivenRules;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>
/// A random ticket, by a calendar that is wrong on some days and by one that was right from the beginning. After each correction the
/// breaches that stand, of what was kept, are those that both calendars say.
/// </summary>
public class CorrectionProperties
{
    sealed record Step(int Kind, int Minutes);

    static readonly Arbitrary<Step[]> lives = (
        from kind in Gen.Choose(0, 9)
        from minutes in Gen.Frequency((1, Gen.Constant(0)), (6, Gen.Choose(1, 2500)))
        select new Step(kind, minutes)
    )
        .ArrayOf()
        .Where(steps => steps.Length is > 2 and < 25)
        .ToArbitrary();

    // Each day of two weeks: as it was published, closed, or open for a while.
    static readonly Arbitrary<string[][]> days = Gen.Elements("published", "published", "", "10:00-13:00")
        .Select(hours => new[] { hours })
        .ArrayOf(12)
        .ToArbitrary();

    [Fact]
    public void what_stands_is_what_both_calendars_say_and_again_is_nothing() =>
        Prop.ForAll(lives, days, Lived).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    static void Lived(Step[] steps, string[][] hours)
    {
        var wrong = hours
            .Select((h, i) => (Day: $"2026-09-{14 + i:00}", Hours: h[0] == "" ? [] : h))
            .Where((d, i) => d.Hours is not ["published"] && (d.Hours.Length > 0 || i is not (5 or 6)))
            .ToArray();
        if (wrong.Length == 0)
            return;
        var policy = Policy("standard", 4, 16);
        foreach (var targets in policy.Targets.Values)
            targets.Acknowledgement = TimeSpan.FromHours(2);
        var (published, right) = (
            Rules(policy),
            Rules(policy).Only(new(0, DateTimeOffset.MinValue, Right(wrong), [policy], "Asia/Shanghai"))
        );
        var now = Sep(14, "09:00").AddMinutes(steps[0].Minutes);
        var (told, anew) = (new List<ITicketEvent>(), new List<ITicketEvent>());
        var state = ServiceRules.Initial;
        Do(
            (_, rules, at) =>
                new OpenTicket(Anna, "complaint", "invoice", "web", "Copy").Decide(Ticket.Initial, rules, Standing.Nothing, at)
        );
        foreach (var step in steps)
        {
            now = now.AddMinutes(step.Minutes);
            var (status, solved) = (After(Ticket.Initial, told).Status, After(Ticket.Initial, told).ResolvedAt);
            if (now > solved + published.ReopenWithin)
                continue;
            switch (step.Kind)
            {
                case 0 when status == TicketStatus.Open:
                    Do((t, rules, at) => WaitForCustomer.Decide(t, rules, at));
                    break;
                case 1 when status == TicketStatus.Waiting:
                    Do((t, rules, at) => ResumeTicket.Decide(t, rules, at));
                    break;
                case 2 or 3:
                    Do((t, rules, at) => new RecordCustomerReply("email", "Well?").Decide(t, rules, at));
                    break;
                case 4 or 5:
                    Do((t, rules, at) => new ReplyToTicket("email", "Yes.").Decide(t, rules, "a", at));
                    break;
                case 6 when status is TicketStatus.Open or TicketStatus.Waiting:
                    Do((t, rules, at) => Solve(t, rules, at));
                    break;
                case 7 when status == TicketStatus.Resolved:
                    Do((t, rules, at) => new ReopenTicket("again").Decide(t, rules, at));
                    break;
                case 8 when now > Sep(26, "00:00"):
                    Correct();
                    break;
            }
        }
        now = now > Sep(26, "09:00") ? now : Sep(26, "09:00");
        Correct();

        void Do(Func<Ticket, DeskRules, DateTimeOffset, ITicketEvent[]> decide)
        {
            told.AddRange(GivenRules.At(After(Ticket.Initial, told), now, (t, at) => decide(t, published, at)));
            anew.AddRange(GivenRules.At(After(Ticket.Initial, anew), now, (t, at) => decide(t, right, at)));
        }

        void Correct()
        {
            if (state.Published.IsEmpty)
                published.Follow((state = GivenCorrections.Correct(published, state, now, wrong)).Published);
            var excused = Excuse(published, state, told, now);
            excused.Select(e => (e.Clock, e.Number)).Intersect(Broken(anew)).ShouldBeEmpty("only what was kept");
            told.AddRange(excused);
            Broken(told).Except(Broken(anew)).ShouldBeEmpty("all that was kept");
            Excuse(published, state, told, now).ShouldBeEmpty("again is nothing");
        }
    }

    static ITicketEvent[] Solve(Ticket ticket, DeskRules rules, DateTimeOffset at)
    {
        TicketResolved solved = new(
            Anna,
            "sent",
            "billing-error",
            ticket.Resolution!.UsedAt(at, rules.Calendar(ticket.Calendar, at)),
            at,
            false
        );
        return [solved with { NextUpdateUsed = ticket.OpenNextUpdate?.UsedAt(at, rules.Calendar(ticket.Calendar, at)) }];
    }

    static Dictionary<string, CalendarSettings> Right((string Day, string[] Hours)[] days)
    {
        var calendars = Calendars([.. days.Where(d => d.Hours.Length == 0).Select(d => d.Day)]);
        calendars["default"].Openings = days.Where(d => d.Hours.Length > 0).ToDictionary(d => d.Day, d => d.Hours);
        return calendars;
    }

    /// <summary>The promises that were kept at last and are recorded as broken.</summary>
    static IEnumerable<(string Clock, int Number)> Broken(IEnumerable<ITicketEvent> told)
    {
        var (ticket, solution, broken, kept) = (Ticket.Initial, 1, new HashSet<(string, int)>(), new HashSet<(string, int)>());
        foreach (var fact in told)
        {
            ticket = ticket.Evolve(fact);
            if (fact is TicketReopened)
            {
                kept.Remove((Promises.Resolution, solution));
                if (broken.Remove((Promises.Resolution, solution++)))
                    broken.Add((Promises.Resolution, solution));
            }
            if (fact is SlaBreached b)
                broken.Add(Key(b.Clock));
            if (fact is BreachExcused e)
                broken.Remove((e.Clock, e.Number));
            kept.UnionWith(
                ticket
                    .Clocks.Where(c => (c.Name == Promises.Resolution ? ticket.ResolvedAt : c.Clock.MetAt) is not null)
                    .Select(c => Key(c.Name))
            );
        }
        return kept.Intersect(broken);

        (string, int) Key(string clock) =>
            (
                clock,
                clock == Promises.Resolution ? solution
                : clock == Promises.NextUpdate ? ticket.NextUpdates
                : 1
            );
    }
}
