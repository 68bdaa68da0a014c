using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Agents;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Agents;

/// <summary>Tickets are given to agents, over the API.</summary>
public class RouteTests(AgentsDesk desk) : IClassFixture<AgentsDesk>
{
    [Fact]
    public async Task of_50_tickets_routed_at_once_as_many_find_somebody_as_there_are_places()
    {
        foreach (var (agent, capacity) in new[] { ("rush-a", 12), ("rush-b", 9), ("rush-c", 1), ("rush-d", 0), ("rush-e", 13) })
            await desk.Have("rush", agent, capacity);
        var tickets = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => desk.Open("rush")));
        var answers = await Task.WhenAll(tickets.Select(desk.Route));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(35);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.OK))
            await Problem(refused, 422, "no-capacity");
        var agents = await desk.Agents();
        foreach (var (agent, capacity) in new[] { ("rush-a", 12), ("rush-b", 9), ("rush-c", 1), ("rush-d", 0), ("rush-e", 13) })
            agents[agent].GetProperty("open").GetInt32().ShouldBe(capacity, agent);
        // What waits for the customer takes no place.
        var waiting = tickets.Zip(answers).First(t => t.Second.StatusCode == HttpStatusCode.OK).First;
        await desk.Post($"tickets/{waiting}/wait", new { });
        await desk.Routed(tickets.Zip(answers).First(t => t.Second.StatusCode != HttpStatusCode.OK).First);
    }

    [Fact]
    public async Task routers_of_several_processes_give_the_last_place_once()
    {
        foreach (var (agent, capacity) in new[] { ("shared-a", 7), ("shared-b", 6) })
            await desk.Have("shared", agent, capacity);
        var tickets = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => desk.Open("shared")));
        var routers = Enumerable.Range(0, 4).Select(_ => ActivatorUtilities.CreateInstance<Router>(desk.Services)).ToArray();
        var routed = await Task.WhenAll(tickets.Select((ticket, n) => Routed(routers[n % routers.Length], ticket)));
        routed.Count(r => r).ShouldBe(13);
        var agents = await desk.Agents();
        agents["shared-a"].GetProperty("open").GetInt32().ShouldBe(7);
        agents["shared-b"].GetProperty("open").GetInt32().ShouldBe(6);

        async Task<bool> Routed(Router router, Guid ticket)
        {
            try
            {
                await router.Route(ticket, new(), new(desk.Clock), default);
                return true;
            }
            catch (RuleViolationException e) when (e.Code == "no-capacity")
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task like_tickets_are_shared_out_the_same_whatever_the_order_of_the_requests()
    {
        var shares = new List<int[]>();
        foreach (var (category, order) in new[] { ("like-a", 1), ("like-b", -1) })
        {
            foreach (var (name, capacity) in new[] { ("x", 3), ("y", 50), ("z", 50) })
                await desk.Have(category, $"{category}-{name}", capacity);
            await desk.Post($"tickets/{await desk.Open(category)}/assign", new { agent = $"{category}-y" });
            var tickets = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.Open(category)));
            await Task.WhenAll(tickets.OrderBy(t => tickets.IndexOf(t) * order).Select(desk.Routed));
            var agents = await desk.Agents();
            shares.Add([.. new[] { "x", "y", "z" }.Select(name => agents[$"{category}-{name}"].GetProperty("open").GetInt32())]);
        }
        shares[0].ShouldBe(shares[1]);
        shares[0].ShouldBe([3, 9, 9]);
    }

    [Fact]
    public async Task one_after_the_other_goes_to_whoever_was_given_one_longest_ago()
    {
        foreach (var name in new[] { "c", "a", "b" })
            await desk.Have("turns", $"turns-{name}", 9);
        var given = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            var ticket = await desk.Open("turns");
            given.Add((await desk.Routed(ticket)).Agent);
            await desk.Post($"tickets/{ticket}/resolve", new { outcome = "sent" });
        }
        given.ShouldBe(["turns-a", "turns-b", "turns-c", "turns-a", "turns-b", "turns-c", "turns-a"]);
    }

    [Fact]
    public async Task of_16_who_claim_a_ticket_at_once_one_gets_it()
    {
        var ticket = await desk.Open("claimed");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Claim($"claimer-{n}")));
        var winner = answers.Index().Where(a => a.Item.StatusCode == HttpStatusCode.OK).ShouldHaveSingleItem().Index;
        foreach (var late in answers.Where(a => a.StatusCode != HttpStatusCode.OK))
            await Problem(late, 409, "taken");
        var shown = await desk.Get($"tickets/{ticket}");
        shown.GetProperty("agent").GetString().ShouldBe($"claimer-{winner}");
        shown.GetProperty("assignedBecause").GetString().ShouldBe("claimed");
        await AgentsDesk.Ok(await Claim($"claimer-{winner}"));
        await Problem(await desk.Route(ticket), 409, "taken");

        Task<HttpResponseMessage> Claim(string subject) =>
            desk.As(subject, "service-desk.write").PostAsJsonAsync($"/api/service-desk/tickets/{ticket}/claim", new { });
    }

    [Fact]
    public async Task a_dedicated_agent_who_is_away_is_replaced_by_the_deputy_then_by_the_rule()
    {
        foreach (var name in new[] { "own", "deputy", "any" })
            await desk.Have("own", $"own-{name}", 9);
        var (customer, twin) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await AgentsDesk.Ok(await desk.Dedicate(customer, "own-own", "own-deputy"));
        var first = await desk.Open("own", customer);
        (await desk.Routed(first)).ShouldBe(("own-own", "dedicated"));
        (await desk.Get($"tickets/{first}")).GetProperty("assignedBecause").GetString().ShouldBe("dedicated");
        await desk.State("own-own", "away", desk.Clock.GetUtcNow().AddMinutes(29));
        (await desk.Routed(await desk.Open("own", customer))).ShouldBe(("own-own", "dedicated"));
        await desk.State("own-own", "away", desk.Clock.GetUtcNow().AddMinutes(32));
        (await desk.Routed(await desk.Open("own", customer))).ShouldBe(("own-deputy", "deputy"));
        await desk.State("own-deputy", "busy");
        (await desk.Routed(await desk.Open("own", customer))).ShouldBe(("own-any", "least-loaded"));
        await desk.State("own-any", "away");
        await Problem(await desk.Route(await desk.Open("own", customer)), 422, "no-capacity");

        await desk.State("own-own", "available");
        await desk.State("own-any", "available");
        (await desk.Routed(await desk.Open("own", twin))).ShouldBe(("own-any", "least-loaded"), "has less to do");
        await desk.Hear("customers", [.. GroupsTold.Merged(twin, customer)]);
        (await desk.Routed(await desk.Open("own", twin))).ShouldBe(("own-own", "dedicated"), "they are one person");
    }

    [Fact]
    public async Task a_routed_ticket_tells_its_reason_and_a_closed_or_unknown_one_is_refused()
    {
        await desk.Have("told", "told-a", 9);
        var ticket = await desk.Open("told");
        var answer = await (await AgentsDesk.Ok(await desk.Route(ticket))).Content.ReadFromJsonAsync<JsonElement>();
        (answer.GetProperty("id").GetGuid(), answer.GetProperty("agent").GetString()).ShouldBe((ticket, "told-a"));
        var facts = await desk.Store.FetchStream(ticket);
        var assigned = facts[^1].Data.ShouldBeOfType<TicketAssigned>();
        (assigned.Agent, assigned.Reason, assigned.Transferred).ShouldBe(("told-a", "least-loaded", false));
        answer.GetProperty("version").GetInt64().ShouldBe(facts[^1].Version);
        var closed = await desk.Open("told");
        await desk.Post($"tickets/{closed}/resolve", new { outcome = "sent" });
        await desk.Post($"tickets/{closed}/close", new { });
        foreach (var command in new[] { "route", "claim" })
        {
            await Problem(await desk.Lead.PostAsJsonAsync($"/api/service-desk/tickets/{closed}/{command}", new { }), 422, "ticket-closed");
            var unknown = $"/api/service-desk/tickets/{Guid.CreateVersion7()}/{command}";
            await Problem(await desk.Lead.PostAsJsonAsync(unknown, new { }), 404, "not-found");
        }
    }
}
