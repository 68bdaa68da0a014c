extern alias Loyalty;

using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using CrmPlatform.Contracts;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Platform.Tests;

/// <summary>Never skip, never lose: seen on loyalty, the same code in every room.</summary>
public sealed class DeadLetterTests(Room<Loyalty::Program> room) : IClassFixture<Room<Loyalty::Program>>
{
    HttpClient Api => room.Http("loyalty.read", "ops.dead-letters");

    [Fact]
    public async Task an_unreadable_fact_parks_its_customer_only_until_ops_decide()
    {
        var (unlucky, lucky) = (await Customer(), await Customer());
        var broken = Broken(unlucky);
        // In one packet where they share a partition: the others' facts must not suffer.
        await room.Hear(broken, Bought(unlucky, 7), Bought(lucky, 5));
        await room.Hear(Bought(unlucky, 2));
        (await Balance(lucky), await Balance(unlucky)).ShouldBe((5, 0));
        (await Letters(unlucky)).ShouldBe(["dead", "parked", "parked"]);
        foreach (var path in new[] { "/health/ready", "/health/lag" })
        {
            var check = (await room.Anonymous().GetFromJsonAsync<JsonElement>(path)).GetProperty("checks").GetProperty("dead-letters");
            check.GetProperty("status").GetString().ShouldBe("Degraded");
            check.GetProperty("description").GetString()!.ShouldEndWith("facts wait behind them");
        }
        (await Metrics()).ShouldMatch(Parked);

        (
            await Api.PostAsJsonAsync($"/api/loyalty/dead-letters/{broken.EventId}/drop", new { why = "a test of the partner" })
        ).EnsureSuccessStatusCode();
        await room.CatchUp();
        (await Balance(unlucky)).ShouldBe(9);
        (await Letters(unlucky)).ShouldBe(["dropped"]);
        await room.Hear(Bought(unlucky, 1));
        (await Balance(unlucky)).ShouldBe(10);
    }

    [Fact]
    public async Task a_dead_letter_that_is_still_unreadable_stays_one()
    {
        var customer = await Customer();
        var broken = Broken(customer);
        await room.Hear(broken);
        var answer = await (
            await Api.PostAsync($"/api/loyalty/dead-letters/{broken.EventId}/replay", null)
        ).Content.ReadFromJsonAsync<JsonElement>();
        answer.GetProperty("processed").GetInt32().ShouldBe(0);
        (await Letters(customer)).ShouldBe(["dead"]);
    }

    const string Parked = @"crm_dead_letters\{[^}]*state=""parked""[^}]*\} [1-9]";

    /// <summary>A gauge is the process's, and the rooms of other tests count as well: it is asked again after this room's count.</summary>
    async Task<string> Metrics()
    {
        var scraped = "";
        for (var attempt = 0; attempt < 20 && !Regex.IsMatch(scraped, Parked); attempt++)
        {
            await room.Anonymous().GetAsync("/health/lag");
            scraped = await room.Http("ops.read").GetStringAsync("/metrics");
        }
        return scraped;
    }

    async Task<Guid> Customer()
    {
        var id = Guid.CreateVersion7();
        await room.Hear("customers", new CustomerRegistered(id, "individual", null, room.Clock.GetUtcNow().AddDays(-9)));
        return id;
    }

    Fact Bought(Guid customer, decimal net) =>
        Room<Loyalty::Program>.AsFact(
            "customers",
            new PurchaseRecorded(
                customer,
                Guid.CreateVersion7(),
                "test",
                Guid.CreateVersion7().ToString(),
                "web",
                "USD",
                net,
                "USD",
                net,
                1,
                [],
                room.Clock.GetUtcNow().AddDays(-1)
            )
        );

    Fact Broken(Guid customer) => Bought(customer, 3) with { Data = JsonSerializer.SerializeToElement("no purchase") };

    async Task<long> Balance(Guid customer) =>
        (await Api.GetFromJsonAsync<JsonElement>($"/api/loyalty/accounts/{customer}")).GetProperty("balance").GetInt64();

    async Task<List<string>> Letters(Guid customer) =>
        [
            .. (await Api.GetFromJsonAsync<JsonElement>("/api/loyalty/dead-letters"))
                .GetProperty("items")
                .EnumerateArray()
                .Where(l => l.GetProperty("subject").GetGuid() == customer)
                .Select(l => l.GetProperty("state").GetString()!),
        ];
}
