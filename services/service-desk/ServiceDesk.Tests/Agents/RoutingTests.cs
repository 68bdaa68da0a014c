using CrmPlatform.ServiceDesk.Agents;
using static CrmPlatform.ServiceDesk.Tests.DeskFixture;

namespace CrmPlatform.ServiceDesk.Tests.Agents;

/// <summary>Who takes a ticket, without a database.</summary>
public class RoutingTests
{
    static readonly BusinessCalendar calendar = Shipped.At(DateTimeOffset.UnixEpoch).EverybodysCalendar;
    static readonly DateTimeOffset now = June(1, "17:45");
    static readonly Sought ticket = new("invoice", null, null, null, null);
    static readonly Sought dedicated = ticket with { Dedicated = "anna", Deputy = "bert" };

    static Candidate Agent(string subject, string state = "available", DateTimeOffset? until = null, int open = 0) =>
        new(subject, state, until, [], [], [], Capacity: 5, Open: open, Load: open * 2, RoutedAt: null);

    sealed record Given(Sought Ticket, Candidate[] Agents, int Seed);

    static readonly Arbitrary<Given> given = (
        from tier in Gen.Elements(null, "Platinum")
        from language in Gen.Elements(null, "en")
        from own in Gen.Elements(null, "agent-0", "agent-1")
        from deputy in Gen.Elements(null, "agent-2")
        from agents in (
            from state in Gen.Elements("available", "available", "busy", "away")
            from until in Gen.Choose(-2, 4)
            from words in Gen.Choose(0, 7)
            from open in Gen.Choose(0, 3)
            from load in Gen.Choose(0, 3)
            from routed in Gen.Choose(-1, 2)
            select new Candidate(
                Subject: "",
                State: state,
                Until: until == 0 ? null : now.AddMinutes(until * 16),
                Languages: (words & 1) == 0 ? [] : ["zh"],
                Categories: (words & 2) == 0 ? [] : ["invoice", "delivery"],
                Tiers: (words & 4) == 0 ? [] : ["Platinum"],
                Capacity: 3,
                Open: open,
                Load: load,
                RoutedAt: routed < 0 ? null : now.AddMinutes(-routed)
            )
        ).ArrayOf()
        from seed in Gen.Choose(0, 1_000)
        select new Given(new("invoice", language, tier, own, deputy), [.. agents.Select((a, n) => a with { Subject = $"agent-{n}" })], seed)
    ).ToArbitrary();

    [Fact]
    public void the_order_of_the_agents_does_not_count() =>
        Prop.ForAll(
                given,
                g =>
                {
                    var shuffled = g.Agents.ToArray();
                    new Random(g.Seed).Shuffle(shuffled);
                    return Routing.Choose(g.Ticket, g.Agents, calendar, now) == Routing.Choose(g.Ticket, shuffled, calendar, now);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void whoever_is_chosen_has_a_place_and_nobody_able_has_less_to_do() =>
        Prop.ForAll(
                given,
                g =>
                {
                    var able = g
                        .Agents.Where(a => a.Open < a.Capacity && (g.Ticket.CertifiedTier is null || a.Tiers.Count > 0))
                        .Where(a => a.StateAt(now) == "available" && (g.Ticket.Language is null || a.Languages.Count == 0))
                        .ToList();
                    if (Routing.Choose(g.Ticket, g.Agents, calendar, now) is not { } chosen)
                    {
                        able.ShouldBeEmpty();
                        return;
                    }
                    var agent = g.Agents.Single(a => a.Subject == chosen.Agent);
                    agent.Open.ShouldBeLessThan(agent.Capacity);
                    if (g.Ticket.CertifiedTier is not null)
                        agent.Tiers.ShouldContain("Platinum");
                    if (chosen.Reason != Routing.ByLoad)
                        return;
                    able.ShouldContain(agent);
                    agent.Load.ShouldBe(able.Min(a => a.Load));
                    var idle = able.Where(a => a.Load == agent.Load).ToList();
                    (agent.RoutedAt ?? DateTimeOffset.MinValue).ShouldBe(idle.Min(a => a.RoutedAt ?? DateTimeOffset.MinValue));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void the_dedicated_agent_is_waited_for_30_business_minutes_then_the_deputy_takes_it()
    {
        // Of the 30 minutes 15 are left of Monday, and 15 are of Tuesday.
        foreach (var state in new[] { "away", "busy" })
        {
            Chosen(Agent("anna", state, June(2, "09:15")), Agent("bert"), Agent("carl")).ShouldBe(("anna", "dedicated"));
            Chosen(Agent("anna", state, June(2, "09:16")), Agent("bert"), Agent("carl")).ShouldBe(("bert", "deputy"));
            Chosen(Agent("anna", state), Agent("bert"), Agent("carl")).ShouldBe(("bert", "deputy"));
        }
        Chosen(Agent("anna"), Agent("bert"), Agent("carl")).ShouldBe(("anna", "dedicated"));
        Chosen(Agent("anna", open: 5), Agent("bert"), Agent("carl")).ShouldBe(("bert", "deputy"), "nobody has more than their places");
        Chosen(Agent("anna", "away"), Agent("bert", "busy", June(1, "17:50")), Agent("carl")).ShouldBe(("carl", "least-loaded"));
        Chosen(Agent("anna", "away"), Agent("bert", open: 5), Agent("carl", open: 4)).ShouldBe(("carl", "least-loaded"));
        Chosen(Agent("anna", "away"), Agent("bert", "away")).ShouldBeNull();

        static (string, string)? Chosen(params Candidate[] agents) =>
            Routing.Choose(dedicated, agents, calendar, now) is { } chosen ? (chosen.Agent, chosen.Reason) : null;
    }

    [Fact]
    public void a_state_ends_by_itself()
    {
        Agent("anna", "away", now).StateAt(now).ShouldBe("available");
        Agent("anna", "busy", now.AddTicks(1)).StateAt(now).ShouldBe("busy");
        Agent("anna", "available", now).StateAt(now).ShouldBe("away", "that was the end of the shift");
        Agent("anna", "available", now.AddTicks(1)).StateAt(now).ShouldBe("available");
    }

    [Fact]
    public void a_certified_tier_is_served_by_certified_agents_only_the_dedicated_one_too()
    {
        var sought = dedicated with { CertifiedTier = "Platinum" };
        var (anna, carl) = (Agent("anna"), Agent("carl", open: 4) with { Tiers = ["Platinum"] });
        Routing.Choose(sought, [anna, Agent("dora"), carl], calendar, now).ShouldBe(new("carl", "least-loaded"));
        Routing.Choose(sought, [anna with { Tiers = ["Platinum"] }, carl], calendar, now).ShouldBe(new("anna", "dedicated"));
    }
}
