using System.Globalization;
using CrmPlatform.ServiceDesk.Complaints;
using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>What may be recorded about a complaint at an authority, and its clocks.</summary>
public class ExternalCaseTests
{
    static readonly Guid anna = NameId.For("anna");

    static Ticket Complained(string kind = "complaint") =>
        After(
            Ticket.Initial,
            new OpenTicket(anna, kind, "delivery", "web", "Late", null).Decide(Ticket.Initial, Shipped, Standing.Nothing, June(1, "10:00"))
        );

    static Ticket After(Ticket ticket, params IEnumerable<ITicketEvent> facts) => facts.Aggregate(ticket, (t, fact) => t.Evolve(fact));

    static ITicketEvent[] Escalated(Ticket ticket, string reference = "浙-1", DateTimeOffset? answer = null) =>
        Desk.At(
            ticket,
            null,
            June(8, "10:00"),
            (t, at) => new EscalateOutside("12315", reference, June(5, "23:00"), answer).Decide(t, Shipped, "agent-1", at)
        );

    static ITicketEvent[] Accepted(Ticket ticket, DateTimeOffset at) =>
        Desk.At(ticket, null, at, (t, moment) => AcceptExternalCase.Decide(t, Shipped, "agent-1", moment));

    static ITicketEvent[] Ended(Ticket ticket, string outcome) =>
        Desk.At(ticket, null, June(30, "10:00"), (t, at) => new EndExternalCase(outcome).Decide(t, "agent-1", at));

    static string Refused(Func<object> decide) => Should.Throw<RuleViolationException>(() => decide()).Code;

    /// <summary>By the days off and working days that the State Council announced for 2026; counted by another program.</summary>
    [Theory]
    [InlineData("2026-09-24T23:59:59+08:00", 7, "2026-10-12")]
    [InlineData("2026-02-13T09:00:00+08:00", 7, "2026-03-02")]
    [InlineData("2026-04-30T09:00:00+08:00", 7, "2026-05-13")]
    [InlineData("2025-12-31T00:00:00+08:00", 7, "2026-01-12")]
    [InlineData("2026-03-01T16:00:00Z", 7, "2026-03-11")]
    [InlineData("2026-08-03T09:00:00+08:00", 45, "2026-10-10")]
    [InlineData("2026-01-30T09:00:00+08:00", 45, "2026-04-10")]
    [InlineData("2026-04-20T09:00:00+08:00", 45, "2026-06-25")]
    public void working_days_of_authorities_end_at_midnight(string from, int days, string last)
    {
        var midnight = new DateTimeOffset(DateTime.Parse(last, CultureInfo.InvariantCulture).AddDays(1), TimeSpan.FromHours(8));
        Shipped
            .AuthorityCalendar(June(1, "10:00"))
            .EndOfDays(DateTimeOffset.Parse(from, CultureInfo.InvariantCulture), days)
            .ShouldBe(midnight);
    }

    [Fact]
    public void a_case_has_two_clocks_and_each_is_told_once()
    {
        var facts = Escalated(Complained());
        // 23:00 in New York is the 6th in China, a Saturday.
        DateTimeOffset acceptance = new(2026, 6, 17, 0, 0, 0, TimeSpan.FromHours(8)),
            mediation = new(2026, 8, 22, 0, 0, 0, TimeSpan.FromHours(8));
        facts.OfType<EscalatedOutside>().ShouldHaveSingleItem().AcceptanceDueAt.ShouldBe(acceptance);
        var ticket = After(Complained(), facts);
        Outside(ticket.DueBefore(acceptance)).ShouldBeEmpty("it is in time up to its due instant");
        Outside(ticket.DueBefore(acceptance.AddTicks(1))).ShouldBe([("external-acceptance", acceptance)]);

        ticket = After(ticket, Accepted(ticket, June(18, "10:00")));
        ticket.Complaint!.ExternalCases.ShouldHaveSingleItem().MediationDueAt.ShouldBe(mediation);
        Outside(ticket.DueBefore(mediation.AddDays(1))).ShouldBe([("external-mediation", mediation)], "the other one was told before");
        Accepted(ticket, June(19, "10:00")).ShouldBeEmpty("twice is once");
        ticket = After(ticket, Ended(ticket, "settled"));
        Outside(ticket.DueBefore(mediation.AddDays(1))).ShouldBeEmpty();

        var second = Escalated(ticket, "浙-2");
        second.OfType<EscalatedOutside>().ShouldHaveSingleItem().Number.ShouldBe(2);
        Outside(After(ticket, second).DueBefore(mediation)).ShouldBe([("external-acceptance", acceptance)], "a clock of its own");

        static IEnumerable<(string, DateTimeOffset)> Outside(IEnumerable<ITicketEvent> due) =>
            due.OfType<Escalated>()
                .Where(e => e.Clock.StartsWith("external-", StringComparison.Ordinal))
                .Select(e => (e.Clock, e.OccurredAt));
    }

    [Fact]
    public void our_answer_is_the_decision()
    {
        var ticket = After(Complained(), Escalated(Complained(), answer: June(12, "18:00")));
        ticket
            .DueBefore(June(12, "18:01"))
            .OfType<Escalated>()
            .ShouldContain(new Escalated(anna, "external-answer", 1, 0, "lead", June(12, "18:00")));
        var assessed = After(ticket, new AssessComplaint("minor").Decide(ticket, "agent-1", June(9, "10:00")));
        var decided = After(assessed, new DecideComplaint("upheld", "lost-parcel").Decide(assessed, Shipped, "agent-1", June(9, "11:00")));
        decided.DueBefore(June(12, "18:01")).OfType<Escalated>().ShouldNotContain(e => e.Clock == "external-answer");
    }

    [Fact]
    public void a_case_is_recorded_once_and_one_at_a_time()
    {
        var ticket = After(Complained(), Escalated(Complained()));
        Escalated(ticket).ShouldBeEmpty("the same again");
        Escalated(ticket, " 浙-1 ").ShouldBeEmpty("white space is no part of a number");
        Refused(() => Escalated(ticket, "浙-2")).ShouldBe("external-case-open");
        Refused(() => Escalated(Complained("request"))).ShouldBe("not-a-complaint");
        Refused(() => Escalated(Complained(), answer: June(5, "23:00"))).ShouldBe("until-passed");
        Refused(() => new EscalateOutside("12315", "1", June(8, "10:01")).Decide(Complained(), Shipped, "agent-1", June(8, "10:00")))
            .ShouldBe("in-the-future");
        Refused(() => Accepted(Complained(), June(9, "10:00"))).ShouldBe("no-external-case");
        Refused(() => Ended(Complained(), "settled")).ShouldBe("no-external-case");
        Refused(() => Ended(After(ticket, Accepted(ticket, June(9, "10:00"))), "not-accepted")).ShouldBe("external-case-accepted");
        var ended = After(ticket, Ended(ticket, "not-accepted"));
        Ended(ended, "not-accepted").ShouldBeEmpty("the same again");
        Refused(() => Ended(ended, "settled")).ShouldBe("no-external-case");
    }
}
