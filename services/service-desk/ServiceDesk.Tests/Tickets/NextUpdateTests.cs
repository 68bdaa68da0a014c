using System.Globalization;

namespace CrmPlatform.ServiceDesk.Tests.Tickets;

/// <summary>The promise of an answer to whoever writes again: worked dates around the Mid-Autumn festival and the National Day.</summary>
public class NextUpdateTests
{
    static readonly Guid anna = NameId.For("anna");

    static readonly DeskRules rules = Rules([]);

    /// <summary>Monday to Friday from nine to twelve and from one to six, as China had it in autumn 2026.</summary>
    public static DeskRules Rules(EscalationStep[] ladder) =>
        new(
            new()
            {
                Calendars =
                {
                    ["default"] = new()
                    {
                        Week = new[] { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday" }.ToDictionary(
                            d => d,
                            _ => new[] { "09:00-12:00", "13:00-18:00" }
                        ),
                        Holidays = ["2026-09-25", .. Enumerable.Range(1, 7).Select(d => $"2026-10-0{d}")],
                        Openings = new[] { "2026-09-20", "2026-10-10" }.ToDictionary(d => d, _ => new[] { "09:00-12:00", "13:00-18:00" }),
                    },
                },
                Policies =
                [
                    new()
                    {
                        Id = "standard",
                        Escalations = ladder,
                        Targets = Priorities.All.ToDictionary(
                            p => p,
                            _ => new SlaTargets
                            {
                                FirstResponse = TimeSpan.FromHours(4),
                                Resolution = TimeSpan.FromHours(16),
                                NextUpdate = TimeSpan.FromHours(4),
                            }
                        ),
                    },
                ],
            },
            new() { TimeZone = "Asia/Shanghai", Currency = "CNY" }
        );

    public static DateTimeOffset At(string time) =>
        new(DateTime.Parse($"2026-{time}", CultureInfo.InvariantCulture), TimeSpan.FromHours(8));

    public static Ticket Opened(string at, DeskRules? by = null) =>
        new OpenTicket(anna, "request", "invoice", "web", "Copy", "Please")
            .Decide(Ticket.Initial, by ?? rules, Standing.Nothing, At(at))
            .Aggregate(Ticket.Initial, (t, fact) => t.Evolve(fact));

    public static Ticket After(
        Ticket ticket,
        string at,
        Func<Ticket, DateTimeOffset, ITicketEvent[]> decide,
        List<ITicketEvent>? told = null
    )
    {
        var facts = Desk.At(ticket, null, At(at), decide);
        told?.AddRange(facts);
        return facts.Aggregate(ticket, (t, fact) => t.Evolve(fact));
    }

    static ITicketEvent[] Reply(Ticket t, DateTimeOffset at) => new ReplyToTicket("email", "text").Decide(t, rules, "agent-1", at);

    static ITicketEvent[] Automatic(Ticket t, DateTimeOffset at) =>
        new ReplyToTicket("email", "text", Automatic: true).Decide(t, rules, "agent-1", at);

    static ITicketEvent[] Writes(Ticket t, DateTimeOffset at) => new RecordCustomerReply("email", "text").Decide(t, rules, at);

    static ITicketEvent[] Wait(Ticket t, DateTimeOffset at) => WaitForCustomer.Decide(t, rules, at);

    static ITicketEvent[] Resolve(Ticket t, DateTimeOffset at) => new ResolveTicket("sent").Decide(t, rules, at);

    [Fact]
    public void whoever_answers_after_a_wait_over_a_holiday_is_answered_in_time()
    {
        var ticket = Opened("09-24 16:30");
        (ticket.FirstResponse!.DueAt, ticket.Resolution!.DueAt).ShouldBe((At("09-28 11:30"), At("09-29 16:30")));
        ticket = After(ticket, "09-24 17:10", Wait);
        ticket = After(ticket, "09-28 10:20", Writes);
        (ticket.Resolution!.DueAt, ticket.NextUpdate!.DueAt).ShouldBe((At("09-30 09:40"), At("09-28 15:20")));
        ticket = After(ticket, "09-28 11:00", Writes);
        ticket.NextUpdate!.DueAt.ShouldBe(At("09-28 15:20"), "the earliest message counts");
        ticket = After(ticket, "09-28 11:10", Automatic);
        ticket.OpenNextUpdate.ShouldNotBeNull("nobody has read the message yet");
        ticket = After(ticket, "09-28 13:20", Reply);
        (ticket.OpenNextUpdate, ticket.NextUpdate!.Used, ticket.NextUpdates).ShouldBe((null, TimeSpan.FromHours(2), 1));
        ticket = After(ticket, "09-28 13:30", Reply);
        ticket.NextUpdate!.MetAt.ShouldBe(At("09-28 13:20"), "the agent spoke last");
        ticket = After(ticket, "09-28 14:00", Writes);
        (ticket.NextUpdates, ticket.NextUpdate!.DueAt).ShouldBe((2, At("09-28 18:00")));
    }

    [Fact]
    public void what_is_left_of_an_answer_stays_while_the_ticket_waits_or_is_solved()
    {
        var ticket = After(Opened("09-28 09:00"), "09-28 10:00", Writes);
        ticket = After(ticket, "09-28 11:00", Wait);
        (ticket.NextUpdate!.DueAt, ticket.NextUpdate.Used).ShouldBe((null, TimeSpan.FromHours(1)));
        ticket = After(ticket, "09-29 09:00", (t, at) => ResumeTicket.Decide(t, rules, at));
        ticket.NextUpdate!.DueAt.ShouldBe(At("09-29 12:00"));
        ticket = After(ticket, "09-29 10:00", Resolve);
        ticket.NextUpdate!.DueAt.ShouldBeNull();
        ticket = After(ticket, "09-30 17:00", (t, at) => new ReopenTicket("open").Decide(t, rules, at));
        ticket.NextUpdate!.DueAt.ShouldBe(At("10-08 10:00"), "two hours were left, one of them after the holidays");
    }

    [Fact]
    public void each_answer_that_was_not_given_is_broken_once_at_its_own_instant()
    {
        var told = new List<ITicketEvent>();
        var ticket = After(Opened("09-28 09:00"), "09-28 09:30", Reply, told);
        foreach (var (writes, answered) in new[] { ("09-28 10:00", "09-28 16:00"), ("09-29 10:00", "09-29 10:30"), ("09-29 11:00", "") })
        {
            ticket = After(ticket, writes, Writes, told);
            if (answered != "")
                ticket = After(ticket, answered, Reply, told);
        }
        var broken = ticket.DueBefore(At("10-30 09:00")).ToArray();
        broken.Aggregate(ticket, (t, fact) => t.Evolve(fact)).DueBefore(At("10-30 09:00")).ShouldBeEmpty();
        told.Concat(broken)
            .OfType<SlaBreached>()
            .Select(b => (b.Clock, b.OccurredAt))
            .ShouldBe([("next-update", At("09-28 15:00")), ("next-update", At("09-29 16:00")), ("resolution", At("09-29 18:00"))]);
    }
}
