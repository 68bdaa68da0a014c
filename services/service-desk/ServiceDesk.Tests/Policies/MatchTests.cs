using CrmPlatform.ServiceDesk.Policies;
using static CrmPlatform.ServiceDesk.Tests.Policies.GivenRules;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>Whose policy is whose, and what can be published.</summary>
public class MatchTests
{
    static readonly DateTimeOffset now = Dec(7, "09:00");

    static SlaPolicy Named(string id, string[]? segments = null, string[]? tiers = null, string[]? grades = null, int priority = 0) =>
        Policy(id, 4, 18, p => (p.Segments, p.Tiers, p.Grades, p.Priority) = (segments ?? [], tiers ?? [], grades ?? [], priority));

    static readonly DeskRules rules = Rules(
        Standard,
        Named("graded", grades: ["A"]),
        Named("gold", tiers: ["Gold"], grades: ["B"]),
        Named("vip", segments: ["vip", "lapsed"]),
        Named("urgent-vip", segments: ["vip"], tiers: ["Silver"], priority: 5),
        Named("gold-vip", segments: ["vip"], tiers: ["Gold"])
    );

    [Theory]
    [InlineData(null, null, "", "standard", "everybody")]
    [InlineData("Bronze", "C", "other", "standard", "everybody")]
    [InlineData("Bronze", "A", "", "graded", "grade")]
    [InlineData("Bronze", "B", "", "gold", "grade")]
    [InlineData("Gold", "A", "", "gold", "tier")]
    [InlineData("Gold", "A", "lapsed", "vip", "segment")]
    [InlineData("Gold", "A", "lapsed,vip", "gold-vip", "segment-and-tier")]
    [InlineData("Silver", null, "vip", "urgent-vip", "segment-and-tier")]
    [InlineData("Silver", null, "", "standard", "everybody")]
    public void the_policy_that_names_most_of_a_customer_is_theirs(string? tier, string? grade, string segments, string id, string by)
    {
        var standing = new Standing(tier, grade, false, segments.Split(',', StringSplitOptions.RemoveEmptyEntries));
        var (policy, match) = rules.At(now).For(standing);
        (policy.Id, match.By).ShouldBe((id, by));
        match.Tier.ShouldBe(by is "tier" or "segment-and-tier" ? tier : null);
        match.Grade.ShouldBe(by == "grade" ? grade : null);
        match.Segment.ShouldBe(
            by is "segment" ? "lapsed"
            : by is "segment-and-tier" ? "vip"
            : null
        );
    }

    static string? Refused(params SlaPolicy[] policies) => Refused(Calendars(), [Standard, .. policies]);

    static string? Refused(Dictionary<string, CalendarSettings> calendars, SlaPolicy[] policies)
    {
        try
        {
            new PublishRules(now.AddHours(1), calendars, policies).Decide(ServiceRules.Initial, rules, "ann", now).ShouldHaveSingleItem();
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
    }

    [Theory]
    [
        InlineData(""),
        InlineData(" "),
        InlineData("\u200b"),
        InlineData("a\nb"),
        InlineData("longer than sixty characters, which no tier and no segment has")
    ]
    public void names_in_policies_are_visible_and_short(string name)
    {
        Refused(Named("a", segments: [name])).ShouldBe("policies[1].segments");
        Refused(Named("a", tiers: [name])).ShouldBe("policies[1].tiers");
        Refused(Named("a", grades: [name])).ShouldBe("policies[1].grades");
        Refused(Named(name, tiers: ["Gold"])).ShouldBe("policies[1].id");
    }

    [Fact]
    public void policies_that_could_both_be_that_of_a_customer_need_priorities()
    {
        Refused(Named("a", segments: ["x"]), Named("b", segments: ["y"])).ShouldBe("ambiguous policies[2]", "one may be in both");
        Refused(Named("a", segments: ["x"]), Named("b", segments: ["y"], priority: 1)).ShouldBeNull();
        Refused(Named("a", ["x"], ["Gold"]), Named("b", ["y"], ["Gold", "Silver"])).ShouldBe("ambiguous policies[2]");
        Refused(Named("a", ["x"], ["Gold"]), Named("b", ["y"], ["Silver"])).ShouldBeNull("a customer has one tier");
        Refused(Named("a", ["x"]), Named("b", ["x"], ["Gold"])).ShouldBeNull("the second names more");
        Refused(Named("a", tiers: ["Gold"]), Named("b", tiers: ["Silver", "Gold"])).ShouldBe("ambiguous policies[2]");
        Refused(Named("a", tiers: ["Gold"], grades: ["A"]), Named("b", grades: ["A"])).ShouldBe("ambiguous policies[2]");
        Refused(Named("a", tiers: ["Gold"]), Named("b", grades: ["A"])).ShouldBeNull();
        rules.At(now).For(new("Gold", null, false)).Policy.Id.ShouldBe("gold");
        Rules(Standard, Named("a", tiers: ["Gold"]), Named("b", tiers: ["Gold"], priority: 1))
            .At(now)
            .For(new("Gold", null, false))
            .Policy.Id.ShouldBe("b", "the highest priority");
    }

    [Fact]
    public void what_does_not_hold_together_is_refused_with_its_field()
    {
        Refused(Policy("a", 0, 18, p => p.Tiers = ["Gold"])).ShouldBe("policies[1].targets.low", "a target of nothing");
        Refused(Policy("a", 8, 4, p => p.Tiers = ["Gold"])).ShouldBe("policies[1].targets.low");
        Refused(Policy("a", 8, 24 * 91, p => p.Tiers = ["Gold"])).ShouldBe("policies[1].targets.low");
        Refused(Policy("a", 8, 24, p => (p.Tiers, p.Calendar) = (["Gold"], "other"))).ShouldBe("policies[1].calendar");
        Refused(Policy("a", 8, 24, p => (p.Tiers, p.Escalations) = (["Gold"], [new() { Notify = "nobody" }])))
            .ShouldBe("policies[1].escalations");
        Refused(Named("a", segments: ["x"], grades: ["A"])).ShouldBe("policies[1].grades");
        Refused(Named("a")).ShouldBe("policies", "two for everybody");
        Refused(Named("standard", tiers: ["Gold"])).ShouldBe("policies");

        string? Week(Action<CalendarSettings> with)
        {
            var calendars = Calendars();
            with(calendars["default"]);
            return Refused(calendars, [Standard]);
        }
        Week(c => c.Week = []).ShouldBe("calendars.default", "it is never open");
        Week(c => c.Week = new() { ["Monday"] = [] }).ShouldBe("calendars.default");
        Week(c => c.Week = new() { ["Monday"] = ["09:00-09:30"] }).ShouldBe("calendars.default", "hardly ever");
        Week(c => c.Week["Funday"] = ["09:00-10:00"]).ShouldBe("calendars.default");
        Week(c => c.Week["Monday"] = [null!]).ShouldBe("calendars.default");
        Week(c => c.Week["Monday"] = ["9-5"]).ShouldBe("calendars.default");
        Week(c => c.Holidays = ["2026-13-01"]).ShouldBe("calendars.default");
        Week(c => c.Holidays = [.. Enumerable.Range(0, 501).Select(d => $"{now.AddDays(7 * d):yyyy-MM-dd}")]).ShouldBe("calendars.default");
        Week(c => c.TimeZone = "Atlantis").ShouldBe("calendars.default");
        Week(c => c.Holidays = ["2027-01-01"]).ShouldBeNull();
    }

    [Fact]
    public void a_version_holds_from_its_instant_on_and_the_same_again_is_none()
    {
        var desk = Rules(Standard);
        PublishRules first = new(now.AddMinutes(1), Calendars("2026-12-08"), [Standard]);
        var published = first.Decide(ServiceRules.Initial, desk, "ann", now).ShouldHaveSingleItem();
        published.Version.ShouldBe(1);
        var state = ServiceRules.Initial.Evolve(published);
        (first with { From = now.AddDays(9) }).Decide(state, desk, "ann", now).ShouldBeEmpty();
        new PublishRules(now, Calendars(), [Policy("standard", 8, 24)]).Decide(ServiceRules.Initial, desk, "ann", now).ShouldBeEmpty();
        Should
            .Throw<RuleViolationException>(() => (first with { From = now.AddSeconds(59) }).Decide(ServiceRules.Initial, desk, "ann", now))
            .Code.ShouldBe("rules-too-soon");

        desk.Follow(state.Published);
        desk.Follow(state.Published);
        desk.At(now.AddSeconds(59)).Version.ShouldBe(0);
        desk.At(now.AddMinutes(1)).Version.ShouldBe(1);
        Opened(desk, now).Resolution!.DueAt.ShouldBe(Dec(9, "15:00"));
        var later = Opened(desk, now.AddMinutes(1));
        (later.Resolution!.DueAt, later.Policy.Rules).ShouldBe((Dec(10, "15:01"), 1), "Tuesday is a holiday of the new version");

        // What was announced is replaced by what is published after it.
        state = state.Evolve(new(2, now.AddDays(9), Calendars(), [Standard], "ann", now));
        state = state.Evolve(new(3, now.AddDays(8), Calendars("2026-12-09"), [Standard], "ann", now));
        desk.Follow(state.Published);
        desk.At(now.AddDays(7)).Version.ShouldBe(1);
        desk.At(now.AddDays(8)).Version.ShouldBe(3);
        desk.At(now.AddDays(10)).Version.ShouldBe(3);
        desk.OnlyAt(now.AddDays(8)).At(now.AddYears(-9)).Version.ShouldBe(3, "history is judged by the rules of now");
    }
}
