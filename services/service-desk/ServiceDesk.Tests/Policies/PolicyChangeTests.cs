using CrmPlatform.ServiceDesk.Policies;
using static CrmPlatform.ServiceDesk.Tests.Policies.GivenRules;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>What a better tier and a later version make of open tickets.</summary>
public class PolicyChangeTests
{
    static readonly Standing gold = new("Gold", null, Forgotten: false);

    static ITicketEvent[] Upgrade(Ticket ticket, DeskRules rules, DateTimeOffset at, Standing? standing = null) =>
        At(ticket, at, (t, moment) => PolicyChange.Upgrade(t, rules, standing ?? gold, moment));

    static ITicketEvent[] Migrate(Ticket ticket, DeskRules rules, DateTimeOffset at, string mode, Standing? standing = null) =>
        At(ticket, at, (t, moment) => PolicyChange.Migrate(t, rules, standing ?? Standing.Nothing, mode, "ann", moment));

    [Fact]
    public void a_better_tier_shortens_what_is_promised_once()
    {
        var rules = Rules(Standard, Gold("shorten"));
        var ticket = Opened(rules, Dec(7, "09:00"));
        ticket.Resolution!.DueAt.ShouldBe(Dec(9, "15:00"));
        Upgrade(ticket, Rules(Standard, Gold("keep")), Dec(7, "15:00")).ShouldBeEmpty("that is the default");

        var facts = Upgrade(ticket, rules, Dec(7, "15:00"));
        var upgraded = facts.OfType<PolicyUpgraded>().ShouldHaveSingleItem();
        // The first response would have been due at 13:00: what cannot be kept any more is not promised.
        upgraded.Dues.ShouldBe([new("resolution", 1, TimeSpan.FromHours(24), TimeSpan.FromHours(18), Dec(9, "15:00"), Dec(8, "18:00"))]);
        (upgraded.From.Id, upgraded.To.Id, upgraded.Match).ShouldBe(("standard", "best-customers", new("tier", Tier: "Gold")));
        var after = After(ticket, facts);
        (after.Resolution!.DueAt, after.FirstResponse!.DueAt).ShouldBe((Dec(8, "18:00"), Dec(7, "17:00")));
        after.NextUpdateTarget.ShouldBe(TimeSpan.FromHours(4));
        after.Planned.Single(s => s is { Clock: "resolution", Step: 0 }).At.ShouldBe(Dec(8, "13:30"), "75 percent of 18 hours");
        after.Planned.Single(s => s is { Clock: "resolution", Step: 1 }).At.ShouldBe(Dec(8, "18:00"));
        Upgrade(after, rules, Dec(7, "16:00")).ShouldBeEmpty("once for each policy");
        Upgrade(after, rules, Dec(7, "16:00"), new("Bronze", null, false)).ShouldBeEmpty("a downgrade changes nothing");
        rules.Publish(Dec(7, "16:00"), [], Policy("standard", 8, 40), Gold("shorten"));
        var back = After(after, Migrate(after, rules, Dec(7, "17:00"), "both"));
        back.Policy.Id.ShouldBe("standard");
        Upgrade(back, rules, Dec(7, "17:30")).ShouldBeEmpty("once for each policy");
    }

    [Fact]
    public void a_paused_promise_is_upgraded_by_what_is_left_of_it()
    {
        var rules = Rules(Standard, Gold("shorten"));
        var ticket = Opened(rules, Dec(7, "09:00"));
        ticket = After(ticket, At(ticket, Dec(7, "15:00"), (t, at) => WaitForCustomer.Decide(t, rules, at)));
        var facts = Upgrade(ticket, rules, Dec(8, "10:00"));
        facts.OfType<PolicyUpgraded>().Single().Dues.Single(d => d.Clock == "resolution").DueAt.ShouldBeNull();
        ticket = After(ticket, facts);
        ticket = After(ticket, At(ticket, Dec(8, "12:00"), (t, at) => ResumeTicket.Decide(t, rules, at)));
        ticket.Resolution!.DueAt.ShouldBe(Dec(9, "15:00"), "12 of 18 hours are left");
    }

    [Fact]
    public void a_solved_ticket_and_a_broken_or_kept_promise_stay_as_they_are()
    {
        var rules = Rules(Standard, Gold("shorten"));
        var ticket = Opened(rules, Dec(7, "09:00"));
        var solved = After(ticket, At(ticket, Dec(7, "10:00"), (t, at) => new ResolveTicket("sent").Decide(t, rules, at)));
        Upgrade(solved, rules, Dec(7, "11:00")).ShouldBeEmpty();
        Upgrade(ticket, rules, Dec(10, "09:00")).OfType<PolicyUpgraded>().ShouldBeEmpty("both promises are broken by then");
        var answered = After(ticket, At(ticket, Dec(7, "10:00"), (t, at) => new ReplyToTicket("email", "Yes.").Decide(t, rules, "a", at)));
        Upgrade(answered, rules, Dec(7, "11:00")).OfType<PolicyUpgraded>().Single().Dues.Select(d => d.Clock).ShouldBe(["resolution"]);
    }

    [Theory]
    [InlineData("only-shorten", "first-response")]
    [InlineData("only-lengthen", "resolution")]
    [InlineData("both", "first-response resolution")]
    public void a_migration_makes_anew_what_its_mode_says_and_twice_is_once(string mode, string clocks)
    {
        var rules = Rules(Standard);
        var ticket = Opened(rules, Dec(7, "09:00"));
        rules.Publish(Dec(7, "09:30"), [], Policy("standard", 4, 30));
        Migrate(ticket, rules, Dec(7, "09:30"), mode).ShouldBeEmpty("it does not hold yet");
        var facts = Migrate(ticket, rules, Dec(7, "10:00"), mode);
        var migrated = facts.OfType<PolicyMigrated>().ShouldHaveSingleItem();
        string.Join(' ', migrated.Dues.Select(d => d.Clock)).ShouldBe(clocks);
        (migrated.From.Rules, migrated.To.Rules, migrated.By).ShouldBe((0, 1, "ann"));
        var after = After(ticket, facts);
        after.FirstResponse!.DueAt.ShouldBe(Dec(7, mode == "only-lengthen" ? "17:00" : "13:00"));
        after.Resolution!.DueAt.ShouldBe(mode == "only-shorten" ? Dec(9, "15:00") : Dec(10, "12:00"));
        foreach (var again in new[] { "only-shorten", "only-lengthen", "both" })
            Migrate(after, rules, Dec(7, "10:01"), again).ShouldBeEmpty("it is of this version");
    }

    [Fact]
    public void what_is_over_by_the_new_version_is_due_at_once_and_what_was_broken_stays_so()
    {
        var rules = Rules(Standard);
        var ticket = Opened(rules, Dec(7, "09:00"));
        rules.Publish(Dec(7, "09:30"), [], Policy("standard", 1, 10));
        var late = After(ticket, Migrate(ticket, rules, Dec(7, "15:00"), "both"));
        late.FirstResponse!.DueAt.ShouldBe(Dec(7, "15:00"));
        late.DueBefore(Dec(7, "15:00")).OfType<SlaBreached>().ShouldBeEmpty();
        late.DueBefore(Dec(7, "15:01"))
            .OfType<SlaBreached>()
            .Select(b => (b.Clock, b.OccurredAt))
            .ShouldBe([("first-response", Dec(7, "15:00"))]);

        var broken = Migrate(ticket, Rules(Standard).Publish(Dec(7, "09:30"), [], Policy("standard", 20, 30)), Dec(8, "10:00"), "both");
        broken.OfType<SlaBreached>().Select(b => (b.Clock, b.OccurredAt)).ShouldBe([("first-response", Dec(7, "17:00"))]);
        broken.OfType<PolicyMigrated>().Single().Dues.Select(d => d.Clock).ShouldBe(["resolution"]);
        After(ticket, broken).FirstResponse!.Breached.ShouldBeTrue();
    }
}
