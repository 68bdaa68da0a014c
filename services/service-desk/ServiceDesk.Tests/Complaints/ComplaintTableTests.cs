using CrmPlatform.ServiceDesk.Complaints;
using CrmPlatform.ServiceDesk.Tests.Tickets;
using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>Which step is taken at which stage: each that is not has its own code.</summary>
public class ComplaintTableTests
{
    static readonly Guid anna = NameId.For("anna");

    public static readonly Ticket Received = new OpenTicket(anna, "complaint", "delivery", "web", "Late", "Where is it?")
        .Decide(Ticket.Initial, Shipped, Standing.Nothing, June(1, "10:00"))
        .Aggregate(Ticket.Initial, (t, fact) => t.Evolve(fact));

    static readonly Dictionary<ComplaintStep, Func<Ticket, DateTimeOffset, ITicketEvent[]>> steps = new()
    {
        [ComplaintStep.Assess] = (t, at) => new AssessComplaint("major", Scope: "many").Decide(t, "agent-1", at),
        [ComplaintStep.Investigate] = (t, at) => new InvestigateComplaint("agent-2").Decide(t, "agent-1", at),
        [ComplaintStep.NoteFinding] = (t, at) => new NoteFinding("It was lost.").Decide(t, "agent-1", at),
        [ComplaintStep.Propose] = (t, at) => new ProposeRemedy("apology", June(9, "10:00")).Decide(t, Shipped, "agent-1", at),
        [ComplaintStep.Answer] = (t, at) => new AnswerProposal("accepted").Decide(t, at),
        [ComplaintStep.Decide] = (t, at) => new DecideComplaint("upheld", "lost-parcel").Decide(t, Shipped, "agent-3", at),
        [ComplaintStep.Withdraw] = (t, at) => new DecideComplaint("withdrawn", "lost-parcel").Decide(t, Shipped, "agent-3", at),
    };

    static Ticket Reached(ComplaintStage stage)
    {
        var until = stage == ComplaintStage.Unanswered ? June(1, "10:30") : June(8, "10:00");
        ITicketEvent[] facts =
        [
            new ComplaintAssessed(anna, "minor", false, "one", "normal", "agent-1", June(1, "10:00")),
            new InvestigationOpened(anna, "agent-1", "agent-1", June(1, "10:00")),
            new ProposalMade(anna, 1, "apology", null, null, until, "agent-1", June(1, "10:00")),
            new ProposalAnswered(
                anna,
                1,
                stage switch
                {
                    ComplaintStage.Rejected => "rejected",
                    ComplaintStage.Unanswered => "no-answer",
                    _ => "accepted",
                },
                June(1, "10:00")
            ),
            new ComplaintDecided(anna, "upheld", "lost-parcel", "minor", "agent-1", TimeSpan.Zero, June(1, "10:00")),
        ];
        var told = stage switch
        {
            ComplaintStage.Decided => 5,
            ComplaintStage.Accepted or ComplaintStage.Rejected or ComplaintStage.Unanswered => 4,
            _ => (int)stage,
        };
        var ticket = facts[..told].Aggregate(Received, (t, fact) => t.Evolve(fact));
        ticket.Complaint!.Stage.ShouldBe(stage);
        return ticket;
    }

    // assess, investigate, finding, propose, answer, decide, withdraw
    [Theory]
    [InlineData(ComplaintStage.Received, "+ not-assessed not-assessed not-assessed no-proposal not-assessed +")]
    [InlineData(ComplaintStage.Assessed, "+ + not-investigating not-investigating no-proposal + +")]
    [InlineData(ComplaintStage.Investigating, "+ + + + no-proposal + +")]
    [InlineData(ComplaintStage.Proposed, "proposal-open proposal-open proposal-open proposal-open + proposal-open +")]
    [InlineData(ComplaintStage.Accepted, "proposal-accepted proposal-accepted proposal-accepted proposal-accepted proposal-answered + +")]
    [InlineData(ComplaintStage.Rejected, "+ + not-investigating not-investigating proposal-answered + +")]
    [InlineData(ComplaintStage.Unanswered, "+ + not-investigating not-investigating proposal-answered + +")]
    [InlineData(
        ComplaintStage.Decided,
        "already-decided already-decided already-decided already-decided already-decided already-decided already-decided"
    )]
    public void each_step_is_taken_at_its_stages(ComplaintStage stage, string expected)
    {
        var ticket = Reached(stage);
        string.Join(' ', steps.Values.Select(step => Taken(() => step(ticket, June(1, "11:00"))))).ShouldBe(expected);
    }

    [Fact]
    public void a_solved_or_closed_complaint_takes_no_step()
    {
        var solved = Then(Reached(ComplaintStage.Decided), new ResolveTicket("sent").Decide);
        steps.Values.Select(step => Taken(() => step(solved, June(1, "11:00")))).Distinct().ShouldBe(["ticket-resolved"]);
        var closed = CloseTicket.Decide(solved, June(1, "11:00")).Aggregate(solved, (t, fact) => t.Evolve(fact));
        steps.Values.Select(step => Taken(() => step(closed, June(1, "11:00")))).Distinct().ShouldBe(["ticket-closed"]);
    }

    [Fact]
    public void a_request_takes_no_step()
    {
        var request = NextUpdateTests.Opened("09-24 16:30");
        steps.Values.Select(step => Taken(() => step(request, June(1, "11:00")))).Distinct().ShouldBe(["not-a-complaint"]);
    }

    static Ticket Then(Ticket ticket, Func<Ticket, DeskRules, DateTimeOffset, ITicketEvent[]> decide) =>
        decide(ticket, Shipped, June(1, "11:00")).Aggregate(ticket, (t, fact) => t.Evolve(fact));

    static string Taken(Func<ITicketEvent[]> decide)
    {
        try
        {
            decide().ShouldNotBeEmpty();
            return "+";
        }
        catch (RuleViolationException e)
        {
            return e.Code;
        }
    }
}
