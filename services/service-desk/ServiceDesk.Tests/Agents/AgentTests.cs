using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Agents;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Agents;

/// <summary>Agents and their customers, over the API.</summary>
public class AgentTests(AgentsDesk desk) : IClassFixture<AgentsDesk>
{
    [Fact]
    public async Task agents_say_their_own_state_and_only_who_manages_agents_that_of_others()
    {
        await desk.Have("states", "states-a", 5, "away");
        var own = desk.As("states-a", "service-desk.read", "service-desk.write");
        var path = "/api/service-desk/agents/states-a/state";
        await AgentsDesk.Ok(await own.PostAsJsonAsync(path, new { state = "available" }));
        await Problem(await desk.As("states-b", "service-desk.write").PostAsJsonAsync(path, new { state = "away" }), 403, "forbidden");
        await Problem(await own.PostAsJsonAsync(path, new { state = "asleep" }), 400);
        var past = new { state = "busy", until = desk.Clock.GetUtcNow().AddMinutes(-1) };
        await Problem(await own.PostAsJsonAsync(path, past), 422, "until-passed");
        await Problem(
            await desk.Lead.PostAsJsonAsync("/api/service-desk/agents/states-nobody/state", new { state = "away" }),
            404,
            "not-found"
        );
        (await desk.Agents())["states-a"].GetProperty("state").GetString().ShouldBe("available");
        await desk.State("states-a", "busy", desk.Clock.GetUtcNow().AddHours(1));
        (await Busy()).ShouldContain("states-a");
        desk.Clock.Advance(TimeSpan.FromHours(2));
        (await Busy()).ShouldNotContain("states-a");
        (await desk.Agents())["states-a"].GetProperty("state").GetString().ShouldBe("available");
        await Problem(await desk.Lead.GetAsync("/api/service-desk/agents?state=asleep"), 400);

        async Task<string[]> Busy() =>
            [
                .. (await desk.Get("agents?state=busy"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(a => a.GetProperty("subject").GetString()!),
            ];
    }

    [Fact]
    public async Task what_an_agent_has_to_do_is_weighted_by_priority()
    {
        await desk.Have("load", "load-a", 5, tiers: ["Platinum"]);
        foreach (var severity in new[] { "critical", "major", "minor" })
        {
            var complaint = new
            {
                customerId = Guid.CreateVersion7(),
                kind = "complaint",
                category = "load",
                channel = "web",
                subject = "Late",
                severity,
            };
            var id = (await desk.Post("tickets", complaint, System.Net.HttpStatusCode.Created)).Id;
            await desk.Post($"tickets/{id}/assign", new { agent = "load-a" });
        }
        var waiting = await desk.Open("load");
        await desk.Post($"tickets/{waiting}/assign", new { agent = "load-a" });
        await desk.Post($"tickets/{waiting}/wait", new { });
        var agent = (await desk.Agents())["load-a"];
        (agent.GetProperty("open").GetInt32(), agent.GetProperty("load").GetInt32()).ShouldBe((3, 8 + 4 + 2));
        var set = new
        {
            capacity = 7,
            languages = new[] { "zh", "en", "zh" },
            categories = new[] { "load" },
        };
        await AgentsDesk.Ok(await desk.Lead.PutAsJsonAsync("/api/service-desk/agents/load-a", set));
        var again = await AgentsDesk.Ok(await desk.Lead.PutAsJsonAsync("/api/service-desk/agents/load-a", set));
        (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("version").GetInt64().ShouldBe(3, "said twice, recorded once");
        agent = (await desk.Agents())["load-a"];
        agent.GetProperty("languages").EnumerateArray().Select(l => l.GetString()).ShouldBe(["en", "zh"]);
        agent.GetProperty("state").GetString().ShouldBe("available");
        await desk.Daemon.Rebuild("agents");
        (await desk.Agents())["load-a"].ToString().ShouldBe(agent.ToString());
        object Sized(string[]? categories = null, string[]? tiers = null) =>
            new
            {
                capacity = 1,
                categories,
                tiers,
            };
        foreach (var bad in new[] { new { }, new { capacity = -1 }, Sized(categories: ["No code"]), Sized(tiers: [" "]) })
            await Problem(await desk.Lead.PutAsJsonAsync("/api/service-desk/agents/load-a", bad), 400);
    }

    [Fact]
    public async Task an_agent_has_200_customers_at_most_however_they_come()
    {
        await desk.Have("full", "full-a", 5);
        await desk.Have("full", "full-b", 5);
        var customers = Enumerable.Range(0, 206).Select(_ => Guid.CreateVersion7()).ToArray();
        var answers = await Task.WhenAll(customers.Select(c => desk.Dedicate(c, "full-a", "full-b")));
        var refused = customers.Zip(answers).Where(a => !a.Second.IsSuccessStatusCode).ToList();
        refused.Count.ShouldBe(6);
        foreach (var (_, answer) in refused)
            await Problem(answer, 422, "agent-full");
        var mine = customers.Except(refused.Select(r => r.First)).ToArray();
        (await Customers("full-a"), await Customers("full-b")).ShouldBe((200, 0));
        await AgentsDesk.Ok(await desk.Dedicate(mine[0], "full-a"));
        await AgentsDesk.Ok(await desk.Dedicate(mine[0], "full-b"));
        await AgentsDesk.Ok(await desk.Lead.DeleteAsync($"/api/service-desk/customers/{mine[1]}/dedicated-agent"));
        await AgentsDesk.Ok(await desk.Lead.DeleteAsync($"/api/service-desk/customers/{mine[1]}/dedicated-agent"));
        await desk.Hear("customers", new Contracts.CustomerForgotten(mine[2], desk.Clock.GetUtcNow()));
        await desk.CatchUp();
        (await Customers("full-a"), await Customers("full-b")).ShouldBe((197, 1));
        (await desk.Store.Read(DeskAgent.Of("full-a"))).State.Customers.Count.ShouldBe(197);
        foreach (var (customer, _) in refused.Take(3))
            await AgentsDesk.Ok(await desk.Dedicate(customer, "full-a"));
        await Problem(await desk.Dedicate(refused[3].First, "full-a"), 422, "agent-full");
        await Problem(await desk.Dedicate(mine[2], "full-b"), 422, "customer-forgotten");
    }

    [Fact]
    public async Task whose_customer_somebody_was_is_kept_and_members_of_a_group_are_told_of_together()
    {
        foreach (var name in new[] { "a", "b" })
            await desk.Have("kept", $"kept-{name}", 5);
        var (customer, twin) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await AgentsDesk.Ok(await desk.Dedicate(customer, "kept-a", "kept-b"));
        await AgentsDesk.Ok(await desk.Dedicate(customer, "kept-a", "kept-b"));
        await AgentsDesk.Ok(await desk.Dedicate(customer, "kept-b"));
        await desk.Hear("customers", [.. GroupsTold.Merged(twin, customer)]);
        await desk.Daemon.Rebuild("dedications");
        (await History(twin)).ShouldBe([("kept-b", null, true), ("kept-a", "kept-b", false)]);
        await AgentsDesk.Ok(await desk.Lead.DeleteAsync($"/api/service-desk/customers/{customer}/dedicated-agent"));
        (await History(customer)).ShouldBe([("kept-b", null, false), ("kept-a", "kept-b", false)]);
        (await Customers("kept-a"), await Customers("kept-b")).ShouldBe((0, 0));

        async Task<(string?, string?, bool)[]> History(Guid of) =>
            [
                .. (await desk.Get($"customers/{of}/dedicated-agent"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(d =>
                        (
                            d.GetProperty("agent").GetString(),
                            d.GetProperty("deputy").GetString(),
                            d.GetProperty("until").ValueKind == JsonValueKind.Null
                        )
                    ),
            ];
    }

    [Fact]
    public async Task a_tier_that_asks_for_it_is_given_certified_agents_only()
    {
        await desk.Have("vip", "vip-a", 5);
        await desk.Have("vip", "vip-b", 5, tiers: ["Platinum"]);
        var (customer, unknown) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await desk.Hear("loyalty", new Contracts.TierChanged(customer, null, "Platinum", 9_000, desk.Clock.GetUtcNow(), "qualified"));
        await Problem(await desk.Dedicate(customer, "vip-a"), 422, "agent-not-certified");
        await Problem(await desk.Dedicate(customer, "vip-b", "vip-a"), 422, "agent-not-certified");
        await Problem(await desk.Dedicate(customer, "vip-nobody"), 422, "agent-unknown");
        await Problem(await desk.Dedicate(customer, "vip-b", "vip-b"), 400);
        await AgentsDesk.Ok(await desk.Dedicate(customer, "vip-b"));
        await AgentsDesk.Ok(await desk.Dedicate(Guid.CreateVersion7(), "vip-a"));
        await AgentsDesk.Ok(await desk.Lead.DeleteAsync($"/api/service-desk/customers/{customer}/dedicated-agent"));
        await desk.Post($"tickets/{await desk.Open("vip")}/assign", new { agent = "vip-b" });
        (await desk.Routed(await desk.Open("vip", customer))).ShouldBe(("vip-b", "least-loaded"));
        desk.Unknown[unknown] = true;
        await Problem(await desk.Dedicate(unknown, "vip-a"), 422, "customer-unknown");
    }

    async Task<int> Customers(string agent) => (await desk.Agents())[agent].GetProperty("customers").GetInt32();
}
