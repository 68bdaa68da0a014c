using CrmPlatform.ServiceDesk.Policies;
using static CrmPlatform.ServiceDesk.Tests.Policies.GivenCorrections;
using static CrmPlatform.ServiceDesk.Tests.Policies.GivenRules;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>Mid-autumn, 25 September 2026, was forgotten: a Friday on which nobody was to work.</summary>
public class CorrectionTests
{
    static readonly DateTimeOffset later = Sep(30, "09:00");

    static DeskRules Desk() => Rules(Policy("standard", 4, 16));

    static ITicketEvent[] Opens(DeskRules desk, DateTimeOffset at) =>
        new OpenTicket(Anna, "request", "invoice", "web", "Copy").Decide(Ticket.Initial, desk, Standing.Nothing, at);

    static Ticket At(Ticket ticket, string day, Func<Ticket, DateTimeOffset, ITicketEvent[]> decide, List<ITicketEvent> told)
    {
        var facts = GivenRules.At(ticket, Sep(int.Parse(day[..2], null), day[3..]), decide);
        told.AddRange(facts);
        return After(ticket, facts);
    }

    [Fact]
    public void what_was_kept_by_the_days_as_they_were_is_excused_and_nothing_else()
    {
        var (desk, told) = (Desk(), new List<ITicketEvent>());
        var ticket = At(Ticket.Initial, "24 16:30", (t, at) => Opens(desk, at), told);
        (ticket.FirstResponse!.DueAt, ticket.Resolution!.DueAt).ShouldBe((Sep(25, "11:30"), Sep(28, "14:30")));
        ticket = At(ticket, "28 10:20", (t, at) => new ReplyToTicket("email", "Yes.").Decide(t, desk, "a", at), told);
        ticket = At(ticket, "29 16:00", (t, at) => new ResolveTicket("sent").Decide(t, desk, at), told);
        told.OfType<SlaBreached>().Select(b => b.Clock).ShouldBe(["first-response", "resolution"]);

        var state = Correct(desk, ServiceRules.Initial, later, ("2026-09-25", []));
        var excused = Excuse(desk, state, told, later);
        excused
            .Select(e => (e.Clock, e.Number, e.BreachedAt, e.DueAt, e.Last, e.Rules, e.By))
            .ShouldBe([("first-response", 1, Sep(25, "11:30"), Sep(28, "11:30"), true, 1, "ann")]);
        Excuse(desk, state, [.. told, .. excused], later).ShouldBeEmpty("twice is once");
        var after = After(ticket, excused);
        (after.FirstResponse!.Breached, after.Resolution!.Breached).ShouldBe((false, true), "it was solved after 14:30 of Tuesday");
    }

    [Fact]
    public void an_excused_solution_goes_on_with_the_time_that_was_left()
    {
        var (desk, told) = (Desk(), new List<ITicketEvent>());
        var ticket = At(Ticket.Initial, "24 16:30", (t, at) => Opens(desk, at), told);
        ticket = At(ticket, "28 17:30", (t, at) => new ResolveTicket("sent").Decide(t, desk, at), told);
        var state = Correct(desk, ServiceRules.Initial, later, ("2026-09-25", []));
        var excused = Excuse(desk, state, told, later);
        excused.Select(e => (e.Clock, e.Number, e.Used)).ShouldBe([("resolution", 1, TimeSpan.FromHours(10))]);
        told.AddRange(excused);
        ticket = After(ticket, excused);
        ticket = At(ticket, "30 10:00", (t, at) => new ReopenTicket("wrong-copy").Decide(t, desk, at), told);
        (ticket.Resolution!.DueAt, ticket.Resolution.Breached).ShouldBe((Sep(30, "16:00"), false), "six of 16 hours are left");
        ticket = At(ticket, "30 17:00", (t, at) => new ResolveTicket("sent").Decide(t, desk, at), told);
        told.OfType<SlaBreached>().Last().OccurredAt.ShouldBe(Sep(30, "16:00"), "the next solution is a promise of its own");
        Excuse(desk, state, told, Sep(30, "18:00")).ShouldBeEmpty();
    }

    [Fact]
    public void what_would_be_missed_is_listed_and_what_is_open_is_not_excused_yet()
    {
        var (desk, told) = (Desk(), new List<ITicketEvent>());
        var ticket = At(Ticket.Initial, "18 17:00", (t, at) => Opens(desk, at), told);
        At(ticket, "21 11:00", (t, at) => new ReplyToTicket("email", "Yes.").Decide(t, desk, "a", at), told);
        var state = Correct(desk, ServiceRules.Initial, later, ("2026-09-20", ["09:00-18:00"]));
        var promise = Of(desk, state, told, later).ShouldHaveSingleItem();
        (promise.Clock, promise.Outcome, promise.DueAt).ShouldBe(("first-response", "would-be-missed", Sep(20, "12:00")));
        Excuse(desk, state, told, later).ShouldBeEmpty();

        told.Clear();
        ticket = At(Ticket.Initial, "24 16:30", (t, at) => Opens(desk, at), told);
        told.AddRange(ticket.DueBefore(Sep(25, "14:00")));
        state = Correct(desk, ServiceRules.Initial, Sep(25, "15:00"), ("2026-09-25", []));
        Of(desk, state, told, Sep(25, "15:00")).Select(p => (p.Clock, p.Outcome)).ShouldBe([("first-response", "open")]);
        Excuse(desk, state, told, Sep(25, "15:00")).ShouldBeEmpty();
        ticket = After(Ticket.Initial, told);
        At(ticket, "28 09:30", (t, at) => new ReplyToTicket("email", "Yes.").Decide(t, desk, "a", at), told);
        Excuse(desk, state, told, Sep(28, "10:00")).ShouldHaveSingleItem().Clock.ShouldBe("first-response", "corrected again");
    }

    [Fact]
    public void a_migrated_promise_is_judged_by_its_new_target()
    {
        var (desk, told) = (Desk(), new List<ITicketEvent>());
        var ticket = At(Ticket.Initial, "24 16:30", (t, at) => Opens(desk, at), told);
        desk.Publish(Sep(25, "10:00"), [], Policy("standard", 4, 20));
        ticket = At(ticket, "25 10:30", (t, at) => PolicyChange.Migrate(t, desk, Standing.Nothing, "both", "ann", at), told);
        ticket.Resolution!.DueAt.ShouldBe(Sep(29, "09:30"));
        At(ticket, "29 15:00", (t, at) => new ResolveTicket("sent").Decide(t, desk, at), told);
        var published = new RulesPublished(1, Sep(25, "10:01"), Calendars(), [Policy("standard", 4, 20)], "ann", Sep(25, "10:00"));
        var state = Correct(desk, ServiceRules.Initial.Evolve(published), later, ("2026-09-25", []));
        Excuse(desk, state, told, later).Select(e => (e.Clock, e.DueAt)).ShouldBe([("resolution", Sep(30, "09:30"))]);
    }

    [Fact]
    public void what_the_published_calendars_do_not_explain_stays_as_it_was_judged()
    {
        var told = new List<ITicketEvent>();
        var ticket = At(Ticket.Initial, "24 16:30", (t, at) => Opens(Desk(), at), told);
        At(ticket, "25 12:00", (t, at) => new ReplyToTicket("email", "Yes.").Decide(t, Desk(), "a", at), told);
        var other = new DeskRules(
            new() { Calendars = Calendars("2026-09-25"), Policies = [Policy("standard", 4, 16)] },
            new() { TimeZone = "Asia/Shanghai", Currency = "CNY" }
        );
        var state = Correct(other, ServiceRules.Initial, later, ("2026-09-24", ["08:00-18:00"]));
        Excuse(other, state, told, later).ShouldBeEmpty("the settings had another calendar by then");
    }

    [Fact]
    public void a_correction_is_the_next_version_and_what_was_announced_comes_with_it()
    {
        var (desk, now) = (Desk(), Sep(30, "09:00"));
        var soon = new RulesPublished(1, now.AddDays(1), Calendars("2026-10-01"), [Standard], "ann", now.AddDays(-1));
        var state = ServiceRules.Initial.Evolve(soon);
        var facts = new CorrectCalendar(new Dictionary<string, string[]> { ["2026-09-25"] = [] }, "forgotten").Decide(
            "default",
            state,
            desk,
            "ann",
            now
        );
        facts
            .Select(f => (f.Version, f.From, string.Join(' ', f.Calendars["default"].Holidays), f.Correction?.Reason))
            .ShouldBe([(2, now.AddMinutes(1), "2026-09-25", "forgotten"), (3, now.AddDays(1), "2026-10-01 2026-09-25", null)]);

        state = Correct(desk, ServiceRules.Initial, now, ("2026-09-25", []), ("2026-09-20", ["09:00-12:00"]));
        var calendar = state.Published[^1].Calendars["default"];
        (calendar.Holidays.Single(), calendar.Openings["2026-09-20"].Single()).ShouldBe(("2026-09-25", "09:00-12:00"));
        Correct(desk, state, now, ("2026-09-25", [])).ShouldBe(state, "it was said already");
        state = Correct(desk, state, now, ("2026-09-25", ["09:00-18:00"]), ("2026-09-20", []));
        calendar = state.Published[^1].Calendars["default"];
        (calendar.Holidays.Length, calendar.Openings.Count).ShouldBe((0, 0), "both are ordinary days again");
        Correct(desk, state, now, ("2026-09-25", [])).Published.Count.ShouldBe(3, "the last word counts");
    }

    [Theory]
    [InlineData("default", "2026-10-01", "", "in-the-future days.2026-10-01")]
    [InlineData("default", "2026-09-30", "", null)]
    [InlineData("default", "2026-09-31", "", "days.2026-09-31")]
    [InlineData("default", "26-09-25", "", "days.26-09-25")]
    [InlineData("default", "1899-12-31", "", "days.1899-12-31")]
    [InlineData("default", "2026-09-25", "9-5", "days")]
    [InlineData("default", "2026-09-25", "12:00-11:00", "days")]
    [InlineData("default", "2026-09-25", "09:00-18:00", "nothing-to-correct days")]
    [InlineData("default", "2026-09-20", "", "nothing-to-correct days")]
    [InlineData("other", "2026-09-25", "", "There is no calendar other.")]
    public void what_cannot_be_corrected_is_refused_with_its_field(string calendar, string day, string hours, string? refused)
    {
        var days = new Dictionary<string, string[]> { [day] = hours == "" ? [] : [hours] };
        Refused(() => new CorrectCalendar(days, "forgotten").Decide(calendar, ServiceRules.Initial, Desk(), "ann", later))
            .ShouldBe(refused);
    }

    [Fact]
    public void a_calendar_keeps_to_its_number_of_days()
    {
        var days = Enumerable.Range(0, 501).Select(d => Sep(25, "09:00").AddDays(-7 * d));
        var fridays = days.ToDictionary(d => $"{d:yyyy-MM-dd}", _ => Array.Empty<string>());
        Refused(() => new CorrectCalendar(fridays, "forgotten").Decide("default", ServiceRules.Initial, Desk(), "ann", later))
            .ShouldBe("days");
    }

    static string? Refused(Func<RulesPublished[]> decide)
    {
        try
        {
            decide().ShouldNotBeEmpty();
            return null;
        }
        catch (BadRequestException e)
        {
            return e.Field;
        }
        catch (RuleViolationException e)
        {
            return $"{e.Code} {e.Field}";
        }
        catch (NotFoundException e)
        {
            return e.Message;
        }
    }
}
