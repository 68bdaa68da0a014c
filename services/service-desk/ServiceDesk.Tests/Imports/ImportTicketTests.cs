using CrmPlatform.ServiceDesk.Complaints;
using CrmPlatform.ServiceDesk.Imports;
using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Imports;

/// <summary>What a row with a ticket's history makes of the ticket.</summary>
public class ImportTicketTests
{
    static readonly Guid anna = NameId.For("anna");
    static readonly DateTimeOffset now = June(30, "12:00");

    /// <summary>Answered late, solved, and back after the customer wrote again.</summary>
    static readonly TicketEntry[] story =
    [
        new(EntryKind.Assigned, June(1, "10:05"), Agent: "agent-7"),
        new(EntryKind.Reply, June(1, "10:06"), Channel: "email", Text: "We have received it.", Automatic: true),
        new(EntryKind.Reply, June(3, "10:30"), Agent: "agent-7", Channel: "email", Text: "Which one?"),
        new(EntryKind.Note, June(3, "10:31"), Agent: "agent-8", Text: "The carrier's fault."),
        new(EntryKind.Waiting, June(3, "10:32")),
        new(EntryKind.CustomerReply, June(8, "09:00"), Channel: "phone", Text: "The blue one."),
        new(EntryKind.Resolved, June(9, "09:00"), Outcome: "refunded", Cause: "late-delivery"),
        new(EntryKind.Rated, June(9, "10:00"), Score: 2),
        new(EntryKind.CustomerReply, June(10, "09:00"), Channel: "email", Text: "Nothing came."),
        new(EntryKind.Waiting, June(10, "09:30")),
        new(EntryKind.Resumed, June(11, "09:30")),
        new(EntryKind.Resolved, June(12, "17:00"), Outcome: "replaced", Cause: "late-delivery"),
        new(EntryKind.Closed, June(12, "17:30")),
        new(EntryKind.Reopened, June(15, "09:00"), Reason: "wrong-colour"),
        new(EntryKind.Resolved, June(15, "11:00"), Outcome: "replaced", Cause: "wrong-goods"),
        new(EntryKind.Closed, June(15, "11:00")),
    ];

    static ImportTicket Row(params TicketEntry[] history) =>
        new("helpdesk", "T-1", "complaint", "delivery", "web", "Late again", June(1, "10:00"), anna, Text: "Where?", History: history);

    static ITicketEvent[] Decide(ImportTicket row, TicketHistory? there = null, Standing? standing = null) =>
        row.Decide(there ?? TicketHistory.Initial, anna, standing ?? Standing.Nothing, Shipped, "importer", now);

    static TicketHistory After(params IEnumerable<ITicketEvent> facts) =>
        facts.Aggregate(TicketHistory.Initial, (history, fact) => history.Evolve(fact));

    static string Refused(Action decide) => Should.Throw<RuleViolationException>(decide) is var no ? $"{no.Code} {no.Field}".TrimEnd() : "";

    [Fact]
    public void a_history_told_at_once_is_what_it_is_when_told_in_order()
    {
        var ticket = Ticket.Initial;
        var live = new List<ITicketEvent>();
        void Tell(DateTimeOffset at, Func<Ticket, DateTimeOffset, ITicketEvent[]> decide)
        {
            foreach (var fact in Desk.At(ticket, at, at, decide))
            {
                live.Add(fact);
                ticket = ticket.Evolve(fact);
            }
        }
        var open = new OpenTicket(anna, "complaint", "delivery", "web", "Late again", "Where?", null, "helpdesk", "T-1", June(1, "10:00"));
        Tell(June(1, "10:00"), (t, at) => open.Decide(t, Shipped, Standing.Nothing, at, imported: true));
        Tell(June(1, "10:05"), (t, at) => new AssignTicket("agent-7").Decide(t, "importer", at));
        ReplyToTicket received = new("email", "We have received it.", Automatic: true);
        Tell(June(1, "10:06"), (t, at) => received.Decide(t, Shipped, "importer", at));
        Tell(June(3, "10:30"), (t, at) => new ReplyToTicket("email", "Which one?").Decide(t, Shipped, "agent-7", at));
        Tell(June(3, "10:31"), (t, at) => new AddNote("The carrier's fault.").Decide(t, "agent-8", at));
        Tell(June(3, "10:32"), (t, at) => WaitForCustomer.Decide(t, Shipped, at));
        Tell(June(8, "09:00"), (t, at) => new RecordCustomerReply("phone", "The blue one.").Decide(t, Shipped, at));
        Tell(June(9, "09:00"), (t, at) => new ResolveTicket("refunded", "late-delivery").Decide(t, Shipped, at));
        Tell(June(9, "10:00"), new AnswerSatisfaction(2).Decide);
        Tell(June(10, "09:00"), (t, at) => new RecordCustomerReply("email", "Nothing came.").Decide(t, Shipped, at));
        Tell(June(10, "09:30"), (t, at) => WaitForCustomer.Decide(t, Shipped, at));
        Tell(June(11, "09:30"), (t, at) => ResumeTicket.Decide(t, Shipped, at));
        Tell(June(12, "17:00"), (t, at) => new ResolveTicket("replaced", "late-delivery").Decide(t, Shipped, at));
        Tell(June(12, "17:30"), (t, at) => CloseTicket.Decide(t, at));
        Tell(June(15, "09:00"), (t, at) => new ReopenTicket("wrong-colour").Decide(t, Shipped, at));
        Tell(June(15, "11:00"), (t, at) => new ResolveTicket("replaced", "wrong-goods").Decide(t, Shipped, at));
        Tell(June(15, "11:00"), (t, at) => CloseTicket.Decide(t, at));

        var facts = Decide(Row(story));
        facts.ShouldBe(live);
        facts
            .OfType<SlaBreached>()
            .ShouldBe([
                new SlaBreached(anna, "first-response", June(1, "18:00")),
                new SlaBreached(anna, "next-update", June(8, "13:00")),
                new SlaBreached(anna, "resolution", June(8, "14:28")),
            ]);
    }

    [Fact]
    public void what_was_kept_in_time_is_not_broken()
    {
        var reply = story[2] with { OccurredAt = June(1, "11:00") };
        var solved = story[6] with { OccurredAt = June(2, "11:00") };
        Decide(Row(reply, solved)).OfType<SlaBreached>().ShouldBeEmpty();
    }

    [Fact]
    public void a_history_may_come_in_parts_and_again()
    {
        var whole = Decide(Row(story));
        for (var cut = 0; cut <= story.Length; cut++)
        {
            var first = Decide(Row(story[..cut]));
            var there = After(first);
            Decide(Row(story[..cut]), there).ShouldBeEmpty("the same again");
            ITicketEvent[] both = [.. first, .. Decide(Row(story), there)];
            both.ShouldBe(whole);
            Decide(Row(story[..cut]), After(whole)).ShouldBeEmpty("an older export tells nothing new");
        }
    }

    [Fact]
    public void promises_that_were_judged_meanwhile_are_judged_once()
    {
        var first = Decide(Row(story[..1]));
        var broken = After(first).Ticket.DueBefore(June(2, "12:00"));
        var rest = Decide(Row(story), After([.. first, .. broken]));
        rest.OfType<SlaBreached>().Select(b => b.Clock).ShouldBe(["next-update", "resolution"]);
    }

    [Fact]
    public void what_tells_something_else_of_a_ticket_that_is_there_is_refused()
    {
        var there = After(Decide(Row(story[..4])));
        Refused(() => Decide(Row(story[..4]) with { Subject = "Early" }, there)).ShouldBe("duplicate-ticket reference");
        Refused(() => Decide(Row(story[..4]) with { OccurredAt = June(1, "09:00") }, there)).ShouldBe("duplicate-ticket reference");
        Refused(() => Decide(Row(story[0], story[1], story[2] with { Text = "Why?" }), there)).ShouldBe("duplicate-ticket history[2]");
        Refused(() => Decide(Row(story[0], story[2]), there)).ShouldBe("duplicate-ticket history[1]");
        var berts = After(Row().Decide(TicketHistory.Initial, NameId.For("bert"), Standing.Nothing, Shipped, "importer", now));
        Refused(() => Decide(Row(story[..4]), berts)).ShouldBe("duplicate-ticket reference");

        // Somebody went on with it here: then what the old desk tells of later is another story.
        var later = there.Evolve(new NoteAdded(anna, "agent-9", now, Personal.Of(anna, new MessageText("Ours now."))));
        Decide(Row(story[..4]), later).ShouldBeEmpty();
        Refused(() => Decide(Row(story[..5]), later)).ShouldBe("duplicate-ticket history[4]");
    }

    [Fact]
    public void only_customers_who_exist_and_are_not_forgotten_get_tickets()
    {
        Refused(() => Row().Decide(TicketHistory.Initial, anna, null, Shipped, "x", now)).ShouldBe("customer-unknown customerId");
        Row().Decide(After(Decide(Row())), anna, null, Shipped, "x", now).ShouldBeEmpty();
        var forgotten = Standing.Nothing with { Forgotten = true };
        Refused(() => Decide(Row(), null, forgotten)).ShouldBe("customer-forgotten customerId");
        Refused(() => Decide(Row(), After(Decide(Row())), forgotten)).ShouldBe("customer-forgotten customerId");
    }
}
