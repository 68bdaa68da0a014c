using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Customers.Tests;

/// <summary>A room of its own with neighbours on loopback that hold nothing about anybody, or do not answer.</summary>
public sealed class RoomWithNeighbours : ServiceFixture<Program>
{
    readonly WebApplication neighbours = WebApplication.CreateSlimBuilder().Build();

    public bool Away { get; set; }

    /// <summary>What portraits says that other rooms have told.</summary>
    public List<(Guid CustomerId, string Contract, long Facts)> Told { get; } = [];

    protected override bool DescribesItsProblems => true;

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Business:TimeZone"] = "America/New_York",
            ["Business:Currency"] = "USD",
            ["Services:Segmentation"] = Address,
            ["Services:ServiceDesk"] = Address,
            ["Services:Loyalty"] = Address,
            ["Services:Portraits"] = Address,
        };

    string Address => neighbours.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public override async Task InitializeAsync()
    {
        neighbours.Urls.Add("http://127.0.0.1:0");
        neighbours.MapGet("/api/{context}/customers/{id}/personal", () => Results.StatusCode(Away ? 503 : 404));
        neighbours.MapPost(
            "/api/portraits/counts",
            (CustomerIds wanted) =>
                Away
                    ? Results.StatusCode(503)
                    : Results.Json(
                        new
                        {
                            items = Told.Where(t => wanted.Ids.Contains(t.CustomerId))
                                .Select(t => new
                                {
                                    t.CustomerId,
                                    t.Contract,
                                    t.Facts,
                                }),
                        }
                    )
        );
        await neighbours.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await neighbours.DisposeAsync();
    }

    sealed record CustomerIds([property: System.Text.Json.Serialization.JsonPropertyName("customerIds")] Guid[] Ids);
}

public class ExportTests(RoomWithNeighbours room) : IClassFixture<RoomWithNeighbours>
{
    [Fact]
    public async Task an_export_holds_what_earlier_revisions_said()
    {
        var http = room.Http(CustomersFixture.Everything);
        object Profile(string name, string birthDate, string income, string phone) =>
            new
            {
                kind = "individual",
                profile = new
                {
                    name,
                    birthDate,
                    incomeBand = income,
                    preferences = new { delivery = "evening" },
                },
                contacts = new[] { new { kind = "phone", value = phone } },
            };
        var first = await CustomersFixture.Json(
            await http.PostAsJsonAsync("/api/customers", Profile("端木先名", "1981-07-23", "50-74K", "+8613800138001")),
            HttpStatusCode.Created
        );
        var id = first.GetProperty("id").GetGuid();
        var second = new { profile = new { name = "端木后名" }, contacts = new[] { new { kind = "phone", value = "+8613800138002" } } };
        await CustomersFixture.Json(await http.PutAsJsonAsync($"/api/customers/{id}/profile", second));
        var facts = (await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/export"))).GetProperty("facts");
        facts
            .EnumerateArray()
            .Select(f => f.GetProperty("fact").GetString())
            .ShouldBe(["customer_registered", "demographics_noted", "birthday_noted", "profile_revised", "birthday_noted"]);
        var registered = facts[0].GetProperty("data").GetProperty("personal");
        registered.GetProperty("name").GetString().ShouldBe("端木先名");
        registered.GetProperty("birthDate").GetString().ShouldBe("1981-07-23");
        registered.GetProperty("contacts")[0].GetProperty("value").GetString().ShouldBe("+8613800138001");
        registered.GetProperty("preferences").GetProperty("delivery").GetString().ShouldBe("evening");
        facts[1].GetProperty("data").GetProperty("personal").GetProperty("incomeBand").GetString().ShouldBe("50-74K");
        facts[2].GetProperty("data").GetProperty("personal").GetProperty("month").GetInt32().ShouldBe(7);
        facts[3].GetProperty("data").GetProperty("personal").GetProperty("name").GetString().ShouldBe("端木后名");
        foreach (var fact in facts.EnumerateArray())
            (fact.GetProperty("eventId").GetGuid() != Guid.Empty, fact.GetProperty("data").TryGetProperty("occurredAt", out _)).ShouldBe(
                (true, true)
            );
    }

    [Fact]
    public async Task half_an_export_is_none()
    {
        var http = room.Http(CustomersFixture.Everything);
        var id = (
            await (await http.PostAsJsonAsync("/api/customers", new { kind = "individual" })).Content.ReadFromJsonAsync<JsonElement>()
        )
            .GetProperty("id")
            .GetGuid();
        var whole = await CustomersFixture.Json(await http.GetAsync($"/api/customers/{id}/export"));
        whole
            .GetProperty("contexts")
            .EnumerateObject()
            .Select(c => (c.Name, c.Value.ValueKind))
            .ShouldBe(
                [("segmentation", JsonValueKind.Null), ("service-desk", JsonValueKind.Null), ("loyalty", JsonValueKind.Null)],
                ignoreOrder: true
            );

        room.Away = true;
        var refused = await http.GetAsync($"/api/customers/{id}/export");
        room.Away = false;
        (await CustomersFixture.Json(refused, HttpStatusCode.ServiceUnavailable))
            .GetProperty("type")
            .GetString()
            .ShouldBe("urn:crm:context-away");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task an_export_holds_what_was_told_of_the_person_as_a_contact()
    {
        var http = room.Http(CustomersFixture.Everything);
        async Task<Guid> Made(string path, object body) =>
            (await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{path}", body), HttpStatusCode.Created))
                .GetProperty("id")
                .GetGuid();
        var (company, person) = (await Made("", new { kind = "enterprise" }), await Made("", new { kind = "individual" }));
        await Made(
            $"companies/{company}/contacts",
            new
            {
                personId = person,
                basis = "contract",
                card = new { title = "首席品茶师" },
            }
        );
        (await http.GetStringAsync($"/api/customers/{person}/export")).ShouldContain("首席品茶师");
    }
}
