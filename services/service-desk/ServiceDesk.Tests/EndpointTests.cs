using System.Net;
using System.Net.Http.Json;
using System.Text;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>How endpoints answer bad requests.</summary>
public class EndpointTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    const string Request = """
        {"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"request","category":"a","channel":"web","subject":"s",
        """;

    HttpClient Agent => fixture.Agent();

    [Theory]
    [InlineData("tickets", "{}")]
    [InlineData("tickets", "[]")]
    [InlineData("tickets", "not json")]
    [InlineData("tickets", """{"customerId":"anna","kind":"request","category":"a","channel":"web","subject":"s"}""")]
    [InlineData(
        "tickets",
        """{"customerId":"00000000-0000-0000-0000-000000000000","kind":"request","category":"a","channel":"web","subject":"s"}"""
    )]
    [InlineData(
        "tickets",
        """{"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"rant","category":"a","channel":"web","subject":"s"}"""
    )]
    [InlineData(
        "tickets",
        """{"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"request","category":"Free text!","channel":"web","subject":"s"}"""
    )]
    [InlineData(
        "tickets",
        """{"customerId":"0190b3a0-0000-7000-8000-000000000000","kind":"request","category":"a","channel":"web","subject":""}"""
    )]
    [InlineData("tickets", Request + """ "severity":"awful"}""")]
    [InlineData("tickets", Request + """ "source":"only"}""")]
    [InlineData("tickets", Request + """ "occurredAt":"lately"}""")]
    [InlineData("tickets", Request + """ "mood":"bad"}""")]
    [InlineData("tickets/{id}/assign", """{"agent":"some one@example.com"}""")]
    [InlineData("tickets/{id}/replies", """{"by":"customer","channel":"email","text":"x"}""")]
    [InlineData("tickets/{id}/replies", """{"channel":"email","text":""}""")]
    [InlineData("tickets/{id}/replies", """{"channel":"email"}""")]
    [InlineData("tickets/{id}/notes", "{}")]
    [InlineData("tickets/{id}/notes", "")]
    [InlineData("tickets/{id}/wait", """{"until":"tomorrow"}""")]
    [InlineData("tickets/{id}/resolve", "{}")]
    [InlineData("tickets/{id}/resolve", """{"outcome":"It went well"}""")]
    [InlineData("tickets/{id}/close", """{"occurredAt":5}""")]
    [InlineData("tickets/{id}/reopen", """{"reason":null}""")]
    [InlineData("tickets/{id}/satisfaction", """{"score":6}""")]
    [InlineData("tickets/{id}/satisfaction", """{"score":"good"}""")]
    public async Task malformed_bodies_are_400(string path, string body)
    {
        path = path.Replace("{id}", (await fixture.Open()).ToString(), StringComparison.Ordinal);
        await Problem(await Agent.PostAsync("/api/service-desk/" + path, new StringContent(body, Encoding.UTF8, "application/json")), 400);
    }

    [Theory]
    [InlineData("tickets?status=lost")]
    [InlineData("tickets?priority=huge")]
    [InlineData("tickets?kind=rant")]
    [InlineData("tickets?customer=anna")]
    [InlineData("tickets?limit=0")]
    [InlineData("tickets?after=nonsense")]
    [InlineData("queue?limit=201")]
    [InlineData("queue?after=%25%25")]
    public async Task malformed_queries_are_400(string path) => await Problem(await Agent.GetAsync("/api/service-desk/" + path), 400);

    [Fact]
    public async Task unknown_ids_are_404()
    {
        var nobody = Guid.CreateVersion7();
        await Problem(await Agent.GetAsync($"/api/service-desk/tickets/{nobody}"), 404, "not-found");
        await Problem(await Agent.GetAsync("/api/service-desk/tickets/7"), 404);
        var keyed = Agent;
        keyed.DefaultRequestHeaders.Add("Idempotency-Key", "not-there");
        foreach (var command in Commands)
        {
            await Problem(await keyed.PostAsJsonAsync($"/api/service-desk/tickets/{nobody}/{command}", Valid(command)), 404, "not-found");
            await Problem(await keyed.PostAsJsonAsync($"/api/service-desk/tickets/{nobody}/{command}", Valid(command)), 404, "not-found");
        }
    }

    [Fact]
    public async Task every_endpoint_asks_for_a_token_and_its_permission()
    {
        var id = Guid.CreateVersion7();
        foreach (var path in new[] { "tickets", "queue", "summary", $"tickets/{id}", $"customers/{id}/personal" })
        {
            await Problem(await fixture.Anonymous().GetAsync("/api/service-desk/" + path), 401);
            await Problem(await fixture.Http("service-desk.write").GetAsync("/api/service-desk/" + path), 403);
        }
        foreach (var path in Commands.Select(c => $"tickets/{id}/{c}").Prepend("tickets"))
        {
            await Problem(await fixture.Anonymous().PostAsJsonAsync("/api/service-desk/" + path, new { }), 401);
            await Problem(await fixture.Http("service-desk.read").PostAsJsonAsync("/api/service-desk/" + path, new { }), 403);
        }
        await Problem(await Agent.GetAsync($"/api/service-desk/customers/{id}/personal"), 403);
    }
}
