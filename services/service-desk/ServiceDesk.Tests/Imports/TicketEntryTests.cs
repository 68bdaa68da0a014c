using System.Reflection;
using CrmPlatform.ServiceDesk.Complaints;
using CrmPlatform.ServiceDesk.Imports;
using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Imports;

/// <summary>What an entry of a history must be like.</summary>
public class TicketEntryTests
{
    static readonly TicketEntry note = new(EntryKind.Note, June(1, "11:00"), Text: "private"),
        reply = new(EntryKind.Reply, June(1, "11:00"), Channel: "email", Text: "Here."),
        resolved = new(EntryKind.Resolved, June(1, "12:00"), Outcome: "sent"),
        closed = new(EntryKind.Closed, June(1, "13:00"));

    static string Refused(params TicketEntry[] history)
    {
        ImportTicket row = new("helpdesk", "T-1", "request", "invoice", "web", "A copy", June(1, "10:00"), History: history);
        var no = Should.Throw<RuleViolationException>(() =>
            row.Decide(TicketHistory.Initial, NameId.For("anna"), Standing.Nothing, Shipped, "importer", June(20, "12:00"))
        );
        return $"{no.Code} {no.Field}";
    }

    [Fact]
    public void the_ticket_itself_refuses_what_cannot_have_happened()
    {
        Refused(resolved, closed, reply with { OccurredAt = closed.OccurredAt }).ShouldBe("ticket-closed history[2]");
        Refused(closed).ShouldBe("ticket-not-resolved history[0]");
        Refused(resolved, resolved).ShouldBe("ticket-resolved history[1]");
        Refused(new TicketEntry(EntryKind.Resumed, June(1, "11:00"))).ShouldBe("ticket-not-waiting history[0]");
        Refused(new TicketEntry(EntryKind.Rated, June(1, "11:00"), Score: 5)).ShouldBe("ticket-not-resolved history[0]");
        var rated = new TicketEntry(EntryKind.Rated, June(1, "13:00"), Score: 5);
        Refused(resolved, rated, rated).ShouldBe("already-answered history[2]");
        var reopened = new TicketEntry(EntryKind.Reopened, June(17, "12:00"), Reason: "late");
        Refused(resolved, reopened).ShouldBe("reopen-window-over history[1]");
    }

    [Fact]
    public void entries_are_in_the_order_of_time_and_not_in_the_future()
    {
        Refused(resolved, note).ShouldBe("before-last-event history[1].occurredAt");
        Refused(note with { OccurredAt = June(1, "09:59") }).ShouldBe("before-last-event history[0].occurredAt");
        Refused(note with { OccurredAt = June(20, "12:01") }).ShouldBe("in-the-future history[0].occurredAt");
    }

    [Fact]
    public void an_entry_has_what_its_event_needs_and_nothing_else()
    {
        Refused(note, reply with { Text = null }).ShouldBe("invalid-request history[1].text");
        Refused(reply with { Channel = null }).ShouldBe("invalid-request history[0].channel");
        Refused(reply with { Event = EntryKind.CustomerReply, Agent = "agent-7" }).ShouldBe("invalid-request history[0].agent");
        Refused(note with { Score = 5 }).ShouldBe("invalid-request history[0].score");
        Refused(resolved with { Outcome = null }).ShouldBe("invalid-request history[0].outcome");
        Refused(resolved with { Text = "Sent." }).ShouldBe("invalid-request history[0].text");
        foreach (var kind in Enum.GetValues<EntryKind>())
            if (kind is not (EntryKind.Waiting or EntryKind.Resumed or EntryKind.Closed or EntryKind.Investigated))
                Refused(new TicketEntry(kind, June(1, "11:00"))).ShouldStartWith("invalid-request history[0].");
        foreach (var kind in new[] { EntryKind.Waiting, EntryKind.Resumed, EntryKind.Closed })
            Refused(new TicketEntry(kind, June(1, "11:00"), Automatic: false)).ShouldBe("invalid-request history[0].automatic");
        var decided = new TicketEntry(EntryKind.Decided, June(1, "11:00"), Outcome: "sent", Cause: "rude");
        Refused(decided).ShouldBe("invalid-request history[0].outcome", "it is no outcome of a decision");
        var given = new TicketEntry(EntryKind.Compensated, June(1, "11:00"), Remedy: "apology", Amount: 1);
        Refused(given).ShouldBe("invalid-request history[0].remedy", "nobody is compensated with an apology");
        Refused(given with { Event = EntryKind.Proposed }).ShouldBe("invalid-request history[0].until");
    }

    [Theory]
    [InlineData(nameof(TicketEntry.Channel), typeof(ReplyToTicket))]
    [InlineData(nameof(TicketEntry.Text), typeof(ReplyToTicket))]
    [InlineData(nameof(TicketEntry.Channel), typeof(RecordCustomerReply))]
    [InlineData(nameof(TicketEntry.Text), typeof(RecordCustomerReply))]
    [InlineData(nameof(TicketEntry.Text), typeof(AddNote))]
    [InlineData(nameof(TicketEntry.Agent), typeof(AssignTicket))]
    [InlineData(nameof(TicketEntry.Outcome), typeof(ResolveTicket))]
    [InlineData(nameof(TicketEntry.Cause), typeof(ResolveTicket))]
    [InlineData(nameof(TicketEntry.Reason), typeof(ReopenTicket))]
    [InlineData(nameof(TicketEntry.Score), typeof(AnswerSatisfaction))]
    [InlineData(nameof(TicketEntry.Channel), typeof(AcknowledgeComplaint))]
    [InlineData(nameof(TicketEntry.Severity), typeof(AssessComplaint))]
    [InlineData(nameof(TicketEntry.Scope), typeof(AssessComplaint))]
    [InlineData(nameof(TicketEntry.Text), typeof(NoteFinding))]
    [InlineData(nameof(TicketEntry.Remedy), typeof(ProposeRemedy), nameof(ProposeRemedy.Kind))]
    [InlineData(nameof(TicketEntry.Amount), typeof(ProposeRemedy))]
    [InlineData(nameof(TicketEntry.Amount), typeof(CompensateCustomer))]
    [InlineData(nameof(TicketEntry.Answer), typeof(AnswerProposal))]
    [InlineData(nameof(TicketEntry.Cause), typeof(DecideComplaint))]
    public void an_entry_is_checked_by_the_rules_of_the_command_that_it_is(string member, Type command, string? there = null)
    {
        object[] values =
        [
            "",
            "a",
            "agent",
            "A Word",
            "ä@b",
            "minor",
            "many",
            "refund",
            "accepted",
            "no-answer",
            new string('x', 20_001),
            new string('y', 101),
            0,
            1,
            5,
            6,
            0m,
            0.01m,
            1_000_000_001m,
        ];
        var type = typeof(TicketEntry).GetProperty(member)!.PropertyType;
        foreach (var value in values.Where((Nullable.GetUnderlyingType(type) ?? type).IsInstanceOfType))
            Allows(typeof(TicketEntry), member, value).ShouldBe(Allows(command, there ?? member, value), $"{value} as {member}");

        static bool Allows(Type type, string member, object value) =>
            type.GetProperty(member)!
                .GetCustomAttributes<System.ComponentModel.DataAnnotations.ValidationAttribute>()
                .All(rule => rule.IsValid(value));
    }
}
