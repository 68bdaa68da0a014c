using CrmPlatform.ServiceDesk.Complaints;
using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Tickets;

public class TicketTests
{
    static readonly Guid anna = NameId.For("anna");
    static readonly Standing nobody = new(null, null, Forgotten: false);
    static readonly OpenTicket complaint = new(anna, "complaint", "delivery", "web", "Late again", "Where is it?");

    static Ticket Given(params ITicketEvent[] facts) => facts.Aggregate(Ticket.Initial, (ticket, fact) => ticket.Evolve(fact));

    // Of another help desk: it may be solved without a decision.
    static Ticket Opened(DateTimeOffset at) => Given(complaint.Decide(Ticket.Initial, Shipped, nobody, at, imported: true));

    static Ticket After(Ticket ticket, DateTimeOffset now, Func<Ticket, DateTimeOffset, ITicketEvent[]> decide) =>
        Desk.At(ticket, null, now, decide).Aggregate(ticket, (t, fact) => t.Evolve(fact));

    static ITicketEvent[] Reply(Ticket t, DateTimeOffset at) => new ReplyToTicket("email", "text").Decide(t, Shipped, "agent-1", at);

    static ITicketEvent[] CustomerReplies(Ticket t, DateTimeOffset at) => new RecordCustomerReply("email", "text").Decide(t, Shipped, at);

    static ITicketEvent[] Wait(Ticket t, DateTimeOffset at) => WaitForCustomer.Decide(t, Shipped, at);

    static ITicketEvent[] Resolve(Ticket t, DateTimeOffset at) => new ResolveTicket("refunded", "late-delivery").Decide(t, Shipped, at);

    [Fact]
    public void a_ticket_keeps_the_policy_and_targets_of_its_opening()
    {
        var opened = complaint.Decide(Ticket.Initial, Shipped, nobody, June(1, "17:00")).OfType<TicketOpened>().ShouldHaveSingleItem();
        opened.ShouldSatisfyAllConditions(
            o => (o.PolicyId, o.PolicyVersion, o.Priority).ShouldBe(("standard", 1, "normal")),
            o => o.FirstResponseDueAt.ShouldBe(June(2, "16:00"), "8 business hours"),
            o => o.ResolutionDueAt.ShouldBe(June(4, "14:00"), "24 business hours"),
            o => o.Personal!.Value.ShouldBe(new("Late again", "Where is it?"))
        );
    }

    [Fact]
    public void a_higher_tier_gets_shorter_targets() =>
        complaint
            .Decide(Ticket.Initial, Shipped, new("Gold", null, false), June(1, "10:00"))
            .OfType<TicketOpened>()
            .Single()
            .ShouldSatisfyAllConditions(
                o => o.PolicyId.ShouldBe("best-customers"),
                o => o.Priority.ShouldBe("high"),
                o => o.FirstResponseDueAt.ShouldBe(June(1, "11:00")),
                o => o.Tier.ShouldBe("Gold")
            );

    [Fact]
    public void the_same_reference_is_the_same_ticket_and_another_customers_is_a_duplicate()
    {
        complaint.Decide(Opened(June(1, "10:00")), Shipped, nobody, June(1, "11:00")).ShouldBeEmpty();
        Should
            .Throw<DuplicateException>(() =>
                (complaint with { CustomerId = NameId.For("bert") }).Decide(Opened(June(1, "10:00")), Shipped, nobody, June(1, "11:00"))
            )
            .Code.ShouldBe("duplicate-reference");
    }

    [Fact]
    public void no_ticket_is_opened_for_a_forgotten_customer() =>
        Refused(() => complaint.Decide(Ticket.Initial, Shipped, nobody with { Forgotten = true }, June(1, "10:00")))
            .ShouldBe("customer-forgotten");

    [Fact]
    public void only_the_agents_first_reply_meets_the_first_response()
    {
        var ticket = After(Opened(June(1, "10:00")), June(1, "10:10"), CustomerReplies);
        ticket = After(ticket, June(1, "10:20"), (t, at) => new AddNote("private").Decide(t, "agent-1", at));
        ticket.FirstResponse!.MetAt.ShouldBeNull("neither the customer nor a private note answers");
        Desk.At(ticket, null, June(1, "10:30"), Reply).OfType<TicketReplied>().Single().FirstResponse.ShouldBeTrue();
        ticket = After(ticket, June(1, "10:30"), Reply);
        Desk.At(ticket, null, June(1, "10:40"), Reply).OfType<TicketReplied>().Single().FirstResponse.ShouldBeFalse();
        ticket.FirstResponse!.MetAt.ShouldBe(June(1, "10:30"));
    }

    [Fact]
    public void waiting_pauses_the_resolution_clock_and_the_customers_answer_resumes_it()
    {
        var ticket = After(Opened(June(1, "10:00")), June(1, "12:00"), Wait);
        ticket.Resolution!.ShouldSatisfyAllConditions(c => c.Used.ShouldBe(TimeSpan.FromHours(2)), c => c.DueAt.ShouldBeNull());
        ticket.FirstResponse!.DueAt.ShouldNotBeNull("the first response is still owed");
        ticket = After(ticket, June(10, "09:30"), CustomerReplies);
        ticket.Status.ShouldBe(TicketStatus.Open);
        ticket.Resolution!.DueAt.ShouldBe(June(12, "13:30"), "22 business hours from Wednesday 09:30");
        ticket.Resolution.RemainingAt(June(10, "09:30"), Shipped.Calendar("default", June(1, "10:00"))).ShouldBe(TimeSpan.FromHours(22));
    }

    [Fact]
    public void broken_promises_are_recorded_once_and_dated_when_they_were_due()
    {
        var ticket = Opened(June(1, "09:00"));
        var broken = ticket.DueBefore(June(20, "09:00")).ToArray();
        broken
            .OfType<SlaBreached>()
            .ShouldBe([new SlaBreached(anna, "first-response", June(1, "17:00")), new SlaBreached(anna, "resolution", June(3, "15:00"))]);
        broken.Aggregate(ticket, (t, e) => t.Evolve(e)).DueBefore(June(30, "09:00")).ShouldBeEmpty();
    }

    [Fact]
    public void a_late_reply_records_the_breach_first() =>
        Desk.At(Opened(June(1, "09:00")), null, June(2, "10:00"), Reply)
            .Where(e => e is not Escalated)
            .Select(e => e.GetType())
            .ShouldBe([typeof(SlaBreached), typeof(TicketReplied)]);

    [Fact]
    public void a_solved_ticket_owes_a_first_response_until_a_reply_and_nothing_else()
    {
        var ticket = After(Opened(June(1, "09:00")), June(1, "10:00"), Resolve);
        ticket.DueBefore(June(30, "09:00")).OfType<SlaBreached>().Select(b => b.Clock).ShouldBe(["first-response"]);
        After(ticket, June(1, "10:30"), Reply).DueBefore(June(30, "09:00")).ShouldBeEmpty();
    }

    [Fact]
    public void no_ticket_is_opened_for_an_unknown_customer() =>
        Refused(() => complaint.Decide(Ticket.Initial, Shipped, null, June(1, "10:00"))).ShouldBe("customer-unknown");

    [Fact]
    public void a_reopened_ticket_continues_and_solved_time_does_not_count()
    {
        var ticket = After(After(Opened(June(1, "09:00")), June(1, "10:00"), Reply), June(1, "12:00"), Resolve);
        ticket = After(ticket, June(8, "09:00"), CustomerReplies);
        ticket.Status.ShouldBe(TicketStatus.Open);
        ticket.Resolution!.DueAt.ShouldBe(June(10, "12:00"), "21 business hours from Monday 09:00");
        ticket.FirstResponse!.MetAt.ShouldBe(June(1, "10:00"), "a met first response is never un-met");
    }

    [Fact]
    public void a_ticket_cannot_be_reopened_after_the_window()
    {
        var ticket = After(Opened(June(1, "09:00")), June(1, "12:00"), Resolve);
        After(ticket, June(15, "12:00"), (t, at) => new ReopenTicket("not-solved").Decide(t, Shipped, at))
            .Status.ShouldBe(TicketStatus.Open);
        Refused(() => After(ticket, June(15, "12:01"), (t, at) => new ReopenTicket("not-solved").Decide(t, Shipped, at)))
            .ShouldBe("reopen-window-over");
    }

    [Fact]
    public void a_complaint_needs_its_cause_and_only_a_solved_ticket_is_closed()
    {
        var ticket = Opened(June(1, "09:00"));
        Refused(() => new ResolveTicket("refunded").Decide(ticket, Shipped, June(1, "10:00"))).ShouldBe("cause-required");
        Refused(() => CloseTicket.Decide(ticket, June(1, "10:00"))).ShouldBe("ticket-not-resolved");
        ticket = After(After(ticket, June(1, "10:00"), Resolve), June(1, "11:00"), (t, at) => CloseTicket.Decide(t, at));
        ticket.Status.ShouldBe(TicketStatus.Closed);
        CloseTicket.Decide(ticket, June(1, "12:00")).ShouldBeEmpty();
        Refused(() => new AssignTicket("agent-2").Decide(ticket, "agent-1", June(1, "12:00"))).ShouldBe("ticket-closed");
        Refused(() => Wait(ticket, June(1, "12:00"))).ShouldBe("ticket-closed");
    }

    [Fact]
    public void satisfaction_is_answered_once_for_each_solution()
    {
        var answer = new AnswerSatisfaction(5);
        Refused(() => answer.Decide(Opened(June(1, "09:00")), June(1, "10:00"))).ShouldBe("ticket-not-resolved");
        var ticket = After(After(Opened(June(1, "09:00")), June(1, "10:00"), Resolve), June(1, "11:00"), answer.Decide);
        Refused(() => answer.Decide(ticket, June(1, "12:00"))).ShouldBe("already-answered");
        ticket = After(
            After(ticket, June(2, "10:00"), (t, at) => new ReopenTicket("not-solved").Decide(t, Shipped, at)),
            June(2, "11:00"),
            Resolve
        );
        answer.Decide(ticket, June(2, "12:00")).ShouldHaveSingleItem();
    }

    [Fact]
    public void occurred_at_is_neither_in_the_future_nor_before_the_last_event()
    {
        var ticket = Opened(June(1, "09:00"));
        Refused(() => Desk.Moment(ticket, June(3, "09:00"), June(2, "09:00"))).ShouldBe("in-the-future");
        Refused(() => Desk.Moment(ticket, June(1, "08:59"), June(2, "09:00"))).ShouldBe("before-last-event");
        Desk.Moment(ticket, June(2, "09:04"), June(2, "09:00"))
            .ShouldBe(June(2, "09:00"), "a client's clock may run ahead by five minutes");
        Desk.Moment(ticket, null, June(1, "08:00")).ShouldBe(June(1, "09:00"), "a clock that runs behind does not turn the order around");
    }

    [Fact]
    public void assigning_to_the_same_agent_is_a_no_op()
    {
        var ticket = After(Opened(June(1, "09:00")), June(1, "10:00"), (t, at) => new AssignTicket().Decide(t, "agent-1", at));
        ticket.Agent.ShouldBe("agent-1");
        new AssignTicket("agent-1").Decide(ticket, "agent-2", June(1, "11:00")).ShouldBeEmpty();
    }

    static string Refused(Func<object> decide) => Should.Throw<RuleViolationException>(() => decide()).Code;
}
