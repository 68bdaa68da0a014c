using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Tickets;

/// <summary>Steps of the escalation ladder: each once, at its own instant, as long as the clock runs.</summary>
public class LadderTests
{
    static readonly Guid anna = NameId.For("anna");

    // 16 business hours for a solution, as the worked dates have them.
    static readonly DeskRules rules = NextUpdateTests.Rules([
        new() { Percent = 75, Notify = "owner" },
        new() { Percent = 90, Notify = "lead" },
        new() { Percent = 100, Notify = "lead" },
        new() { After = TimeSpan.FromHours(2), Notify = "duty" },
    ]);

    static readonly Func<Ticket, DateTimeOffset, ITicketEvent[]>[] commands =
    [
        (t, at) => new ReplyToTicket("email", "text").Decide(t, rules, "agent-1", at),
        (t, at) => new RecordCustomerReply("email", "text").Decide(t, rules, at),
        (t, at) => WaitForCustomer.Decide(t, rules, at),
        (t, at) => ResumeTicket.Decide(t, rules, at),
        (t, at) => new ResolveTicket("sent").Decide(t, rules, at),
        (t, at) => new ReopenTicket("open").Decide(t, rules, at),
    ];

    // What is commanded after how many minutes, and whether the clock came by before.
    static readonly Arbitrary<(int Command, int Minutes, bool Looks)[]> lives = (
        from command in Gen.Choose(0, commands.Length - 1)
        from minutes in Gen.Choose(1, 3_000)
        from looks in Gen.Elements(true, false)
        select (command, minutes, looks)
    )
        .ListOf()
        .Select(l => l.Take(12).ToArray())
        .ToArbitrary();

    static DateTimeOffset At(string time) => NextUpdateTests.At(time);

    static Ticket Opened(string at) => NextUpdateTests.Opened(at, rules);

    static IEnumerable<(string Clock, string Notify, DateTimeOffset At)> Steps(IEnumerable<ITicketEvent> facts) =>
        facts.OfType<Escalated>().Select(e => (e.Clock, e.Notify, e.OccurredAt));

    [Fact]
    public void warnings_come_at_their_share_of_business_time_over_a_holiday() =>
        Steps(Opened("09-24 16:30").DueBefore(At("10-30 09:00")))
            .Where(s => s.Clock == "resolution")
            .ShouldBe([
                ("resolution", "owner", At("09-29 11:30")),
                ("resolution", "lead", At("09-29 14:54")),
                ("resolution", "lead", At("09-29 16:30")),
                ("resolution", "duty", At("09-30 09:30")),
            ]);

    [Fact]
    public void a_pause_moves_the_steps_that_are_left_and_repeats_none()
    {
        var ticket = Opened("09-24 16:30");
        var told = new List<ITicketEvent>();
        ticket = NextUpdateTests.After(ticket, "09-29 11:40", commands[2], told);
        Steps(ticket.DueBefore(At("10-30 09:00"))).Where(s => s.Clock == "resolution").ShouldBeEmpty("it waits");
        ticket = NextUpdateTests.After(ticket, "09-30 09:00", commands[3], told);
        Steps(told.Concat(ticket.DueBefore(At("10-30 09:00"))))
            .Where(s => s.Clock == "resolution")
            .ShouldBe([
                ("resolution", "owner", At("09-29 11:30")),
                ("resolution", "lead", At("09-30 11:14")),
                ("resolution", "lead", At("09-30 13:50")),
                ("resolution", "duty", At("09-30 15:50")),
            ]);
    }

    /// <summary>The same commands with a clock that comes by often, seldom or never give the same facts, each step once.</summary>
    [Fact]
    public void steps_do_not_depend_on_how_often_the_clock_comes_by() =>
        Prop.ForAll(lives, life => Live(life, looks: true).SequenceEqual(Live(life, looks: false))).QuickCheckThrowOnFailure();

    static List<ITicketEvent> Live((int Command, int Minutes, bool Looks)[] life, bool looks)
    {
        var (ticket, now, told) = (Opened("09-24 16:30"), At("09-24 16:30"), new List<ITicketEvent>());
        foreach (var (command, minutes, comes) in life)
        {
            now = now.AddMinutes(minutes);
            if (looks && comes)
                Tell(ticket.DueBefore(now.AddMinutes(-minutes / 2)));
            try
            {
                Tell(Desk.At(ticket, null, now, commands[command]));
            }
            catch (RuleViolationException)
            {
                // Not in this state.
            }
        }
        Tell(ticket.DueBefore(now.AddDays(60)));
        var steps = told.OfType<Escalated>().Select(e => (e.Clock, e.Number, e.Step)).ToList();
        steps.Distinct().Count().ShouldBe(steps.Count);
        return told;

        void Tell(IEnumerable<ITicketEvent> facts)
        {
            foreach (var fact in facts.ToArray())
            {
                told.Add(fact);
                ticket = ticket.Evolve(fact);
            }
        }
    }
}
