using CrmPlatform.ServiceDesk.Complaints;
using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>By when whoever complains is told that the complaint has arrived.</summary>
public class AcknowledgementTests
{
    static readonly Guid anna = NameId.For("anna");

    static Ticket Opened(string? severity = null, string kind = "complaint") =>
        new OpenTicket(anna, kind, "delivery", "web", "Late", "Where is it?", severity)
            .Decide(Ticket.Initial, Shipped, Standing.Nothing, June(1, "10:00"))
            .Aggregate(Ticket.Initial, (t, fact) => t.Evolve(fact));

    static ITicketEvent[] Acknowledged(Ticket ticket, string time, bool automatic = false) =>
        Desk.At(ticket, null, June(1, time), (t, at) => new AcknowledgeComplaint("email", automatic).Decide(t, Shipped, "mailbox", at));

    static ITicketEvent[] Replied(Ticket ticket, string time, bool automatic = false) =>
        Desk.At(
            ticket,
            null,
            June(1, time),
            (t, at) => new ReplyToTicket("email", "We look.", Automatic: automatic).Decide(t, Shipped, "agent-1", at)
        );

    static Ticket After(Ticket ticket, ITicketEvent[] facts) => facts.Aggregate(ticket, (t, fact) => t.Evolve(fact));

    [Theory]
    [InlineData(null, "14:00")]
    [InlineData("major", "12:00")]
    [InlineData("critical", "11:00")]
    public void a_complaint_is_acknowledged_within_the_target_of_its_priority(string? severity, string due) =>
        Opened(severity).Acknowledgement!.DueAt.ShouldBe(June(1, due));

    [Fact]
    public void requests_are_not_acknowledged()
    {
        var request = Opened(kind: "request");
        request.Acknowledgement.ShouldBeNull();
        Should.Throw<RuleViolationException>(() => Acknowledged(request, "10:10")).Code.ShouldBe("not-a-complaint");
    }

    [Fact]
    public void a_machine_may_acknowledge_and_gives_no_first_response()
    {
        var facts = Acknowledged(Opened(), "10:20", automatic: true);
        facts.ShouldBe([new ComplaintAcknowledged(anna, "email", true, "mailbox", TimeSpan.FromMinutes(20), June(1, "10:20"))]);
        var ticket = After(Opened(), facts);
        (ticket.Acknowledgement!.MetAt, ticket.FirstResponse!.MetAt).ShouldBe((June(1, "10:20"), null));
        Acknowledged(ticket, "10:30").ShouldBeEmpty("twice is once");
        Replied(ticket, "10:40").OfType<TicketReplied>().Single().AcknowledgementUsed.ShouldBeNull("it was acknowledged before");
    }

    [Fact]
    public void the_first_reply_of_a_person_acknowledges_too()
    {
        After(Opened(), Replied(Opened(), "10:05", automatic: true)).Acknowledgement!.MetAt.ShouldBeNull();
        var replied = Replied(Opened(), "10:30").OfType<TicketReplied>().Single();
        (replied.FirstResponse, replied.AcknowledgementUsed).ShouldBe((true, TimeSpan.FromMinutes(30)));
        After(Opened(), [replied]).DueBefore(June(1, "17:00")).OfType<SlaBreached>().ShouldBeEmpty();
    }

    [Fact]
    public void a_late_acknowledgement_is_broken_first_and_told_to_who_is_to_know()
    {
        var facts = Acknowledged(Opened("critical"), "11:30");
        facts
            .OfType<SlaBreached>()
            .ShouldBe([
                new SlaBreached(anna, "acknowledgement", June(1, "11:00")),
                new SlaBreached(anna, "first-response", June(1, "11:00")),
            ]);
        facts
            .OfType<Escalated>()
            .Where(e => e.Clock == "acknowledgement")
            .Select(e => (e.Notify, e.OccurredAt))
            .ShouldBe([("owner", June(1, "10:45")), ("lead", June(1, "11:00"))]);
        facts[^1].ShouldBeOfType<ComplaintAcknowledged>();
        After(Opened("critical"), facts)
            .DueBefore(June(2, "17:00"))
            .OfType<Escalated>()
            .ShouldNotContain(e => e.Clock == "acknowledgement");
    }

    /// <summary>Opened before the desk promised it: there is no clock, and an acknowledgement is recorded all the same.</summary>
    [Fact]
    public void an_older_complaint_has_no_such_promise()
    {
        var opened = new OpenTicket(anna, "complaint", "delivery", "web", "Late")
            .Decide(Ticket.Initial, Shipped, Standing.Nothing, June(1, "10:00"))
            .OfType<TicketOpened>()
            .Single() with
        {
            AcknowledgementTarget = null,
            AcknowledgementDueAt = null,
        };
        var old = After(Ticket.Initial, [opened]);
        old.DueBefore(June(30, "10:00")).OfType<SlaBreached>().Select(b => b.Clock).ShouldBe(["first-response", "resolution"]);
        Acknowledged(old, "10:10").OfType<ComplaintAcknowledged>().Single().Used.ShouldBeNull();
    }
}
