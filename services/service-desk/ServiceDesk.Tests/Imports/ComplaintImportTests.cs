using CrmPlatform.ServiceDesk.Complaints;
using CrmPlatform.ServiceDesk.Imports;
using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Imports;

/// <summary>What an earlier help desk tells of how a complaint was decided.</summary>
public class ComplaintImportTests
{
    static readonly Guid anna = NameId.For("anna");

    /// <summary>Acknowledged late, proposed twice, compensated above the limit, and decided by somebody else.</summary>
    static readonly TicketEntry[] story =
    [
        new(EntryKind.Acknowledged, June(1, "15:00"), Channel: "email", Automatic: true),
        new(EntryKind.Assessed, June(1, "15:10"), Severity: "major", Scope: "many", Agent: "agent-7"),
        new(EntryKind.Investigated, June(1, "15:20"), Agent: "agent-7"),
        new(EntryKind.Finding, June(2, "10:00"), Text: "The carrier lost it.", Agent: "agent-7"),
        new(EntryKind.Proposed, June(2, "10:10"), Remedy: "apology", Until: June(3, "10:00"), Agent: "agent-7"),
        new(EntryKind.Investigated, June(3, "11:00"), Agent: "agent-7"),
        new(EntryKind.Proposed, June(3, "11:10"), Remedy: "points", Amount: 900, Until: June(5, "10:00"), Agent: "agent-7"),
        new(EntryKind.ProposalAnswered, June(4, "09:00"), Answer: "rejected"),
        new(EntryKind.Compensated, June(4, "10:00"), Remedy: "points", Amount: 5_000, Agent: "lead-1"),
        new(EntryKind.Decided, June(4, "10:10"), Outcome: "upheld", Cause: "lost-parcel", Agent: "lead-1"),
        new(EntryKind.Resolved, June(4, "10:20"), Outcome: "compensated"),
    ];

    static ImportTicket Row(params TicketEntry[] history) =>
        new("helpdesk", "T-1", "complaint", "delivery", "web", "Late again", June(1, "10:00"), anna, History: history);

    static ITicketEvent[] Decide(ImportTicket row, params IEnumerable<ITicketEvent> there) =>
        row.Decide(
            there.Aggregate(TicketHistory.Initial, (history, fact) => history.Evolve(fact)),
            anna,
            Standing.Nothing,
            Shipped,
            "importer",
            June(30, "12:00")
        );

    static string Refused(params TicketEntry[] history) =>
        Should.Throw<RuleViolationException>(() => Decide(Row(history))) is var no ? $"{no.Code} {no.Field}" : "";

    [Fact]
    public void a_complaint_told_at_once_is_what_it_is_when_told_in_order()
    {
        var (ticket, live) = (Ticket.Initial, new List<ITicketEvent>());
        void Tell(DateTimeOffset at, Func<Ticket, DateTimeOffset, ITicketEvent[]> decide)
        {
            foreach (var fact in Desk.At(ticket, at, at, decide))
            {
                live.Add(fact);
                ticket = ticket.Evolve(fact);
            }
        }
        var open = new OpenTicket(anna, "complaint", "delivery", "web", "Late again", null, null, "helpdesk", "T-1", June(1, "10:00"));
        Tell(June(1, "10:00"), (t, at) => open.Decide(t, Shipped, Standing.Nothing, at, imported: true, acknowledged: true));
        Tell(June(1, "15:00"), (t, at) => new AcknowledgeComplaint("email", Automatic: true).Decide(t, Shipped, "importer", at));
        Tell(June(1, "15:10"), (t, at) => new AssessComplaint("major", Scope: "many").Decide(t, "agent-7", at));
        Tell(June(1, "15:20"), (t, at) => new InvestigateComplaint().Decide(t, "agent-7", at));
        Tell(June(2, "10:00"), (t, at) => new NoteFinding("The carrier lost it.").Decide(t, "agent-7", at));
        Tell(June(2, "10:10"), (t, at) => new ProposeRemedy("apology", June(3, "10:00")).Decide(t, Shipped, "agent-7", at));
        Tell(June(3, "11:00"), (t, at) => new InvestigateComplaint().Decide(t, "agent-7", at));
        Tell(June(3, "11:10"), (t, at) => new ProposeRemedy("points", June(5, "10:00"), 900).Decide(t, Shipped, "agent-7", at));
        Tell(June(4, "09:00"), new AnswerProposal("rejected").Decide);
        Tell(
            June(4, "10:00"),
            (t, at) => [new CompensationGranted(t.CustomerId, "points", 5_000, null, "lead-1", null, at, GivenBefore: true)]
        );
        Tell(June(4, "10:10"), (t, at) => new DecideComplaint("upheld", "lost-parcel").Decide(t, Shipped, "lead-1", at));
        Tell(June(4, "10:20"), (t, at) => new ResolveTicket("compensated").Decide(t, Shipped, at));

        var facts = Decide(Row(story));
        facts.ShouldBe(live);
        facts.OfType<SlaBreached>().First().ShouldBe(new SlaBreached(anna, "acknowledgement", June(1, "14:00")));
        facts.OfType<ProposalAnswered>().First().ShouldBe(new ProposalAnswered(anna, 1, "no-answer", June(3, "10:00")));
        facts.OfType<TicketResolved>().Single().Cause.ShouldBe("lost-parcel");
    }

    [Fact]
    public void a_complaint_may_come_in_parts_and_again()
    {
        var whole = Decide(Row(story));
        for (var cut = 1; cut <= story.Length; cut++)
        {
            var first = Decide(Row(story[..cut]));
            Decide(Row(story[..cut]), first).ShouldBeEmpty("the same again");
            ITicketEvent[] both = [.. first, .. Decide(Row(story), first)];
            both.ShouldBe(whole);
            Decide(Row(story[..cut]), whole).ShouldBeEmpty("an older export tells nothing new");
        }
        TicketEntry[] written = [.. story.Select(e => e with { Amount = e.Amount is { } amount ? amount + 0.00m : null })];
        Decide(Row(written), whole).ShouldBeEmpty("900.00 points are 900");
        written[8] = written[8] with { Amount = 5_001 };
        Should.Throw<DuplicateException>(() => Decide(Row(written), whole)).Field.ShouldBe("history[8]");
        var rejected = story[9] with { Outcome = "rejected" };
        Should.Throw<DuplicateException>(() => Decide(Row([.. story[..9], rejected]), whole)).Field.ShouldBe("history[9]");

        // Promised by the best policy: what raised the priority then is nothing that the history tells.
        var best = Row(story)
            .Decide(TicketHistory.Initial, anna, Standing.Nothing with { Tier = "Gold" }, Shipped, "importer", June(30, "12:00"));
        best.OfType<ComplaintAssessed>().Single().Priority.ShouldNotBe(whole.OfType<ComplaintAssessed>().Single().Priority);
        Decide(Row(story), best).ShouldBeEmpty();
    }

    [Fact]
    public void a_proposal_that_lapsed_meanwhile_takes_what_happened_before()
    {
        TicketEntry[] known = [story[1], story[2], story[6] with { OccurredAt = June(2, "11:10") }];
        var first = Decide(Row(known));
        ITicketEvent[] lapsed = [.. first, new ProposalAnswered(anna, 1, ProposalAnswered.NoAnswer, June(5, "10:00"))];
        TicketEntry[] whole = [.. known, story[7], .. story[9..]];
        Decide(Row(whole), lapsed).ShouldBe(Decide(Row(whole), first), "the customer had answered in time");
        Decide(Row(whole), [.. lapsed, .. Decide(Row(whole), lapsed)]).ShouldBeEmpty("the same again");
        var late = story[7] with { OccurredAt = June(5, "10:01") };
        Should.Throw<RuleViolationException>(() => Decide(Row([.. known, late]), lapsed)).Code.ShouldBe("proposal-answered");
    }

    [Fact]
    public void an_acknowledgement_is_promised_where_the_history_tells_of_it()
    {
        Decide(Row(story[1..])).OfType<SlaBreached>().ShouldNotContain(b => b.Clock == "acknowledgement", "it may have been in time");
        Decide(Row(story[0] with { OccurredAt = June(1, "13:59") })).OfType<SlaBreached>().ShouldBeEmpty();
        // The first part did not tell of it: then it is recorded, and no promise was kept or broken.
        var first = Decide(Row());
        Decide(Row(story[0]), first).ShouldHaveSingleItem().ShouldBeOfType<ComplaintAcknowledged>().Used.ShouldBeNull();
    }

    [Fact]
    public void a_critical_complaint_that_is_decided_here_needs_an_action()
    {
        TicketEntry[] critical = [story[1] with { Severity = "critical" }, story[9], story[10]];
        var decided = Decide(Row(critical)).Aggregate(Ticket.Initial, (ticket, fact) => ticket.Evolve(fact));
        Should.Throw<RuleViolationException>(() => CloseTicket.Decide(decided, June(5, "10:00"))).Code.ShouldBe("action-missing");
        var closed = new TicketEntry(EntryKind.Closed, June(5, "10:00"));
        Decide(Row([.. critical, closed]))[^1].ShouldBeOfType<TicketClosed>("the earlier help desk had its own rules");
    }

    [Fact]
    public void a_complaint_refuses_what_cannot_have_happened()
    {
        var (decided, rejected) = (story[9], story[7]);
        Refused(decided).ShouldBe("not-assessed history[0]");
        Refused(story[1], rejected).ShouldBe("no-proposal history[1]");
        Refused(story[1], story[3]).ShouldBe("not-investigating history[1]");
        Refused([.. story[..5], decided with { OccurredAt = June(2, "11:00") }]).ShouldBe("proposal-open history[5]");
        Refused([.. story[..9], story[8]]).ShouldBe("already-compensated history[9].remedy");
        Refused([.. story[..10], decided]).ShouldBe("already-decided history[10]");
        Refused([.. story[..9], decided with { Agent = "agent-7" }]).ShouldBe("second-person history[9]");
        Refused([.. story[..9], decided with { Cause = "bad-luck" }]).ShouldBe("cause-unknown history[9].cause");
        Refused([.. story[..10], story[10] with { Cause = "rude" }]).ShouldBe("cause-decided history[10].cause");
        Refused(story[1], story[2], story[4] with { Amount = 5 }).ShouldBe("remedy-amount history[2].amount");
        Refused(story[1], story[2], story[4] with { Until = June(2, "10:10") }).ShouldBe("until-passed history[2].until");
        var request = Row(story[0]) with { Kind = "request" };
        Should.Throw<RuleViolationException>(() => Decide(request)).Code.ShouldBe("not-a-complaint");
    }
}
