using CrmPlatform.ServiceDesk.Complaints;
using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>From assessment to decision: who decides, how often something is proposed, and what an assessment changes.</summary>
public class ComplaintTests
{
    static readonly Guid anna = NameId.For("anna");

    static Ticket Opened(string? severity = null, string? tier = null, bool imported = false) =>
        new OpenTicket(anna, "complaint", "delivery", "web", "Late", "Where is it?", severity)
            .Decide(Ticket.Initial, Shipped, new(tier, null, false), June(1, "10:00"), imported)
            .Aggregate(Ticket.Initial, (t, fact) => t.Evolve(fact));

    static Ticket Then(Ticket ticket, DateTimeOffset now, Func<Ticket, DateTimeOffset, ITicketEvent[]> decide) =>
        Desk.At(ticket, null, now, decide).Aggregate(ticket, (t, fact) => t.Evolve(fact));

    static Func<Ticket, DateTimeOffset, ITicketEvent[]> Assess(string severity, string by = "agent-1") =>
        (t, at) => new AssessComplaint(severity).Decide(t, by, at);

    static ITicketEvent[] Investigate(Ticket t, DateTimeOffset at) => new InvestigateComplaint().Decide(t, "agent-1", at);

    static Func<Ticket, DateTimeOffset, ITicketEvent[]> Propose(string by, string kind = "refund", decimal? amount = 20) =>
        (t, at) => new ProposeRemedy(kind, at.AddDays(7), amount).Decide(t, Shipped, by, at);

    static Func<Ticket, DateTimeOffset, ITicketEvent[]> Answer(string answer) => (t, at) => new AnswerProposal(answer).Decide(t, at);

    static Func<Ticket, DateTimeOffset, ITicketEvent[]> Decide(string by) =>
        (t, at) => new DecideComplaint("partly", "lost-parcel").Decide(t, Shipped, by, at);

    static ITicketEvent[] Resolve(Ticket t, DateTimeOffset at) => new ResolveTicket("sent").Decide(t, Shipped, at);

    static Ticket Investigated() => Then(Then(Opened(), June(1, "10:10"), Assess("minor")), June(1, "10:20"), Investigate);

    static Ticket Rejected(string proposer) =>
        Then(Then(Investigated(), June(1, "10:30"), Propose(proposer)), June(1, "10:40"), Answer("rejected"));

    [Theory]
    [InlineData(null, null, "minor", "normal")]
    [InlineData(null, null, "major", "high")]
    [InlineData("minor", null, "critical", "urgent")]
    [InlineData(null, "Gold", "major", "urgent")]
    [InlineData("critical", null, "minor", "urgent")]
    public void an_assessment_raises_the_priority_and_never_lowers_it(string? told, string? tier, string judged, string priority)
    {
        var before = Opened(told, tier);
        var ticket = Then(before, June(1, "10:10"), Assess(judged));
        (ticket.Priority, ticket.Complaint!.Severity).ShouldBe((priority, judged));
        ticket.Resolution.ShouldBe(before.Resolution, "what was promised stays");
    }

    [Fact]
    public void the_duty_is_told_when_safety_is_at_stake_and_two_people_take_that_back()
    {
        static Func<Ticket, DateTimeOffset, ITicketEvent[]> Safe(bool safety, string by, string severity = "minor") =>
            (t, at) => new AssessComplaint(severity, safety).Decide(t, by, at);
        var unsafeOne = Opened();
        var facts = Desk.At(unsafeOne, null, June(1, "10:10"), Safe(true, "agent-1"));
        facts.OfType<Escalated>().ShouldHaveSingleItem().ShouldBe(new(anna, "safety", 1, 0, "duty", June(1, "10:10")));
        unsafeOne = Then(unsafeOne, June(1, "10:10"), Safe(true, "agent-1"));
        Desk.At(unsafeOne, null, June(1, "10:20"), Safe(true, "agent-1", "major")).OfType<Escalated>().ShouldBeEmpty("they know");
        Refused(() => Then(unsafeOne, June(1, "10:30"), Safe(false, "agent-1"))).ShouldBe("second-person");
        Then(unsafeOne, June(1, "10:30"), Safe(false, "agent-2")).Complaint!.Safety.ShouldBeFalse();
    }

    [Fact]
    public void the_short_way_is_to_decide_what_was_assessed()
    {
        var ticket = Then(Opened(), June(1, "10:10"), Assess("minor"));
        Refused(() => Resolve(ticket, June(1, "10:15"))).ShouldBe("not-decided");
        var decided = Desk.At(ticket, null, June(1, "10:20"), Decide("agent-1")).ShouldHaveSingleItem();
        decided.ShouldBe(
            new ComplaintDecided(anna, "partly", "lost-parcel", "minor", "agent-1", TimeSpan.FromMinutes(20), June(1, "10:20"))
        );
        ticket = ticket.Evolve(decided);
        Refused(() => new ResolveTicket("sent", "other").Decide(ticket, Shipped, June(1, "10:30"))).ShouldBe("cause-decided");
        Resolve(ticket, June(1, "10:30")).OfType<TicketResolved>().Single().Cause.ShouldBe("lost-parcel");
    }

    [Fact]
    public void whose_proposal_was_rejected_does_not_decide()
    {
        var ticket = Rejected("agent-1");
        Refused(() => Decide("agent-1")(ticket, June(1, "11:00"))).ShouldBe("second-person");
        Refused(() => new DecideComplaint("withdrawn", "none").Decide(ticket, Shipped, "agent-1", June(1, "11:00")))
            .ShouldBe("second-person");
        Decide("agent-2")(ticket, June(1, "11:00")).ShouldHaveSingleItem();

        ticket = Then(Then(ticket, June(1, "11:00"), Investigate), June(1, "11:10"), Propose("agent-2"));
        ticket = Then(ticket, June(1, "11:20"), Answer("accepted"));
        Refused(() => Decide("agent-1")(ticket, June(1, "11:30"))).ShouldBe("second-person");
        Decide("agent-2")(ticket, June(1, "11:30")).ShouldHaveSingleItem();
    }

    [Fact]
    public void after_two_proposals_it_is_decided()
    {
        var ticket = Then(Then(Rejected("agent-1"), June(1, "11:00"), Investigate), June(1, "11:10"), Propose("agent-2"));
        ticket = Then(ticket, June(1, "11:20"), Answer("rejected"));
        Refused(() => Investigate(ticket, June(1, "11:30"))).ShouldBe("rounds-over");
        Refused(() => Decide("agent-2")(ticket, June(1, "11:30"))).ShouldBe("second-person");
        ticket = Then(ticket, June(1, "11:30"), Decide("agent-3"));
        ticket = Then(
            Then(ticket, June(1, "11:40"), Resolve),
            June(2, "10:00"),
            (t, at) => new ReopenTicket("open").Decide(t, Shipped, at)
        );
        Refused(() => Propose("agent-3")(ticket, June(2, "11:00"))).ShouldBe("rounds-over");
    }

    [Fact]
    public void a_proposal_lapses_at_its_end_however_late_the_clock_comes_by()
    {
        var ticket = Then(Investigated(), June(1, "10:30"), Propose("agent-1"));
        ticket.DueBefore(June(8, "10:30")).OfType<ProposalAnswered>().ShouldBeEmpty("until then it may be answered");
        Then(ticket, June(8, "10:30"), Answer("accepted")).Complaint!.Stage.ShouldBe(ComplaintStage.Accepted);
        var due = ticket.DueBefore(June(20, "10:00")).ToList();
        due.OfType<ProposalAnswered>().ShouldBe([new ProposalAnswered(anna, 1, "no-answer", June(8, "10:30"))]);
        due.Aggregate(ticket, (t, fact) => t.Evolve(fact)).DueBefore(June(21, "10:00")).OfType<ProposalAnswered>().ShouldBeEmpty();
        Refused(() => Desk.At(ticket, null, June(8, "10:31"), Answer("accepted"))).ShouldBe("proposal-answered");
        var decided = Desk.At(ticket, null, June(9, "10:00"), Decide("agent-1"));
        decided[^1].ShouldBeOfType<ComplaintDecided>("nobody rejected it");
        decided.ShouldContain(new ProposalAnswered(anna, 1, "no-answer", June(8, "10:30")));
    }

    [Fact]
    public void a_reopened_complaint_is_investigated_and_decided_again()
    {
        var ticket = Then(Then(Investigated(), June(1, "11:00"), Decide("agent-1")), June(1, "11:10"), Resolve);
        ticket = Then(ticket, June(2, "10:00"), (t, at) => new ReopenTicket("not-solved").Decide(t, Shipped, at));
        (ticket.Complaint!.Stage, ticket.Complaint.Cause).ShouldBe((ComplaintStage.Investigating, null));
        Refused(() => Resolve(ticket, June(2, "10:10"))).ShouldBe("not-decided");
    }

    [Fact]
    public void complaints_of_before_and_imported_ones_are_solved_without_a_decision()
    {
        var opened = new OpenTicket(anna, "complaint", "delivery", "web", "Late")
            .Decide(Ticket.Initial, Shipped, Standing.Nothing, June(1, "10:00"))
            .OfType<TicketOpened>()
            .Single();
        opened.NeedsDecision.ShouldBeTrue();
        foreach (var old in new[] { Ticket.Initial.Evolve(opened with { NeedsDecision = false }), Opened(imported: true) })
        {
            Refused(() => Resolve(old, June(1, "11:00"))).ShouldBe("cause-required");
            new ResolveTicket("sent", "lost").Decide(old, Shipped, June(1, "11:00")).ShouldHaveSingleItem();
            Then(old, June(1, "11:00"), Assess("major")).Complaint!.Stage.ShouldBe(ComplaintStage.Assessed, "it may be decided, too");
        }
    }

    [Theory]
    [InlineData("refund", null)]
    [InlineData("points", null)]
    [InlineData("apology", "5")]
    [InlineData("points", "1.5")]
    [InlineData("voucher", "1.005")]
    public void an_amount_is_money_or_whole_points_or_none(string kind, string? amount) =>
        Refused(() =>
                Propose("agent-1", kind, amount is null ? null : decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture))(
                    Investigated(),
                    June(1, "11:00")
                )
            )
            .ShouldBe("remedy-amount");

    [Fact]
    public void a_proposal_has_its_currency_and_ends_later()
    {
        var facts = Propose("agent-1")(Investigated(), June(1, "11:00"));
        facts.ShouldBe([new ProposalMade(anna, 1, "refund", 20, "USD", June(8, "11:00"), "agent-1", June(1, "11:00"))]);
        Refused(() => new ProposeRemedy("apology", June(1, "11:00")).Decide(Investigated(), Shipped, "agent-1", June(1, "11:00")))
            .ShouldBe("until-passed");
    }

    static string Refused(Func<object> decide) => Should.Throw<RuleViolationException>(() => decide()).Code;
}
