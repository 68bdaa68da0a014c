using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Agents;

/// <summary>A desk where Platinum customers are served by certified agents only. Each test has agents of a category of its own.</summary>
public sealed class AgentsDesk : DeskFixture
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        base.Settings.Append(new("ServiceDesk:CertifiedTiers:0", "Platinum")).ToDictionary();

    public HttpClient As(string subject, params string[] permissions)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token(subject, permissions));
        return client;
    }

    public HttpClient Lead => As("lead", "service-desk.read", "service-desk.write", "service-desk.agents");

    public async Task Have(string category, string subject, int capacity, string state = "available", string[]? tiers = null)
    {
        await Ok(
            await Lead.PutAsJsonAsync(
                $"/api/service-desk/agents/{subject}",
                new
                {
                    capacity,
                    categories = new[] { category },
                    tiers = tiers ?? [],
                }
            )
        );
        await State(subject, state);
    }

    public async Task State(string subject, string state, DateTimeOffset? until = null) =>
        await Ok(await Lead.PostAsJsonAsync($"/api/service-desk/agents/{subject}/state", new { state, until }));

    public async Task<Guid> Open(string category, Guid? customer = null) =>
        (
            await this.Post(
                "tickets",
                new
                {
                    customerId = customer ?? Guid.CreateVersion7(),
                    kind = "request",
                    category,
                    channel = "phone",
                    subject = "A copy, please",
                },
                HttpStatusCode.Created
            )
        ).Id;

    public Task<HttpResponseMessage> Route(Guid ticket) => Lead.PostAsJsonAsync($"/api/service-desk/tickets/{ticket}/route", new { });

    public async Task<(string Agent, string Reason)> Routed(Guid ticket)
    {
        var answer = await (await Ok(await Route(ticket))).Content.ReadFromJsonAsync<JsonElement>();
        return (answer.GetProperty("agent").GetString()!, answer.GetProperty("reason").GetString()!);
    }

    public Task<HttpResponseMessage> Dedicate(Guid customer, string agent, string? deputy = null) =>
        Lead.PutAsJsonAsync($"/api/service-desk/customers/{customer}/dedicated-agent", new { agent, deputy });

    public async Task<Dictionary<string, JsonElement>> Agents() =>
        (await this.Get("agents")).GetProperty("items").EnumerateArray().ToDictionary(a => a.GetProperty("subject").GetString()!);

    public static async Task<HttpResponseMessage> Ok(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return answer;
    }
}
