using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>What the desk knows of customers and of loyalty's tiers, and what it tells others.</summary>
public class NeighbourTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task a_ticket_for_an_unknown_customer_is_refused()
    {
        var nobody = Guid.CreateVersion7();
        fixture.Unknown[nobody] = true;
        await Problem(await Send(nobody), 422, "customer-unknown");
        (await fixture.Get($"tickets?customer={nobody}")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task a_customer_of_whom_nothing_was_heard_yet_is_asked_for()
    {
        var customer = Guid.CreateVersion7();
        (await Send(customer)).StatusCode.ShouldBe(HttpStatusCode.Created);
        fixture.Asked[customer].ShouldBe(1);
    }

    [Fact]
    public async Task a_customer_whose_registration_was_heard_is_known_without_asking()
    {
        var customer = Guid.CreateVersion7();
        await fixture.Hear("customers", new Contracts.CustomerRegistered(customer, "individual", null, fixture.Clock.GetUtcNow()));
        (await Send(customer)).StatusCode.ShouldBe(HttpStatusCode.Created);
        fixture.Asked.ShouldNotContainKey(customer);
    }

    [Fact]
    public async Task while_customers_does_not_answer_only_who_is_known_gets_a_ticket()
    {
        var (known, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear("customers", new Contracts.CustomerRegistered(known, "individual", null, fixture.Clock.GetUtcNow()));
        fixture.CustomersAnswers = 503;
        try
        {
            (await Send(known)).StatusCode.ShouldBe(HttpStatusCode.Created);
            await Problem(await Send(other), 503, "context-away");
            fixture.CustomersAnswers = 403;
            await Problem(await Send(other), 403, "forbidden");
        }
        finally
        {
            fixture.CustomersAnswers = null;
        }
    }

    [Fact]
    public async Task what_is_published_of_a_ticket_says_its_severity_beside_its_raised_priority()
    {
        var customer = Guid.CreateVersion7();
        await fixture.Hear("loyalty", new Contracts.TierChanged(customer, null, "Gold", 2000, fixture.Clock.GetUtcNow(), "qualified"));
        var body = JsonSerializer.SerializeToNode(Complaint(customer))!.AsObject();
        body["severity"] = "minor";
        var id = (await fixture.Post("tickets", body, HttpStatusCode.Created)).Id;
        var told = ServiceDeskFeed.Translate((await fixture.Store.FetchStream(id))[0])!.Contract;
        var json = JsonSerializer.SerializeToElement(told, told.GetType(), EventStoreOptions.Json);
        json.GetProperty("priority").GetString().ShouldBe("high");
        json.GetProperty("severity").GetString().ShouldBe("minor");
    }

    [Fact]
    public async Task the_order_of_tiers_is_what_loyalty_tells()
    {
        var (iris, lily, moss, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), fixture.Clock.GetUtcNow());
        await fixture.Hear(
            "loyalty",
            new Contracts.TierChanged(moss, null, "Moss", 0, now, "joined"),
            new Contracts.TierChanged(lily, "Moss", "Lily", 5200, now, "qualified"),
            new Contracts.TierChanged(iris, "Moss", "Iris", 1100, now, "qualified")
        );
        await fixture.CatchUp();
        var ids = new Dictionary<Guid, Guid>();
        foreach (var customer in new[] { moss, iris, lily })
            ids[(await fixture.Post("tickets", Request(customer), HttpStatusCode.Created)).Id] = customer;
        var queue = (await fixture.Get("queue?kind=request&limit=200"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(t => t.GetProperty("id").GetGuid());
        queue.Where(ids.ContainsKey).Select(t => ids[t]).ShouldBe([lily, iris, moss]);
    }

    [Theory]
    [InlineData("2026-06-01T09:00:00Z", 0, int.MinValue, "2026-06-01T09:00:00Z")]
    [InlineData("2026-06-01T09:00:00Z", 8, 0, "2026-06-01T09:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", 0, 0, "2026-06-01T09:00:00Z")]
    [InlineData("2026-06-01T09:00:00Z", 0, 0, "9999-12-31T23:59:59Z")]
    public Task a_cursor_with_values_that_no_page_has_is_a_400(string now, int risk, int rank, string openedAt) =>
        a_cursor_that_no_page_gave_is_a_400(
            $$"""{"now":"{{now}}","class":{{risk}},"rank":{{rank}},"openedAt":"{{openedAt}}","id":"0190b3a0-0000-7000-8000-000000000000"}"""
        );

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task a_cursor_that_no_page_gave_is_a_400(string inside)
    {
        var cursor = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(inside));
        await Problem(await fixture.Agent().GetAsync($"/api/service-desk/queue?after={cursor}"), 400, "invalid-request");
    }

    [Fact]
    public async Task a_last_page_that_is_exactly_full_has_no_next()
    {
        var customer = Guid.CreateVersion7();
        for (var i = 0; i < 4; i++)
            await fixture.Post("tickets", Request(customer), HttpStatusCode.Created);
        var page = await fixture.Get($"tickets?customer={customer}&limit=2");
        page = await fixture.Get($"tickets?customer={customer}&limit=2&after={page.GetProperty("next").GetString()}");
        page.GetProperty("items").GetArrayLength().ShouldBe(2);
        page.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    Task<HttpResponseMessage> Send(Guid customer) => fixture.Agent().PostAsJsonAsync("/api/service-desk/tickets", Request(customer));
}
