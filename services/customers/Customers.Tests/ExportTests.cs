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
        await neighbours.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await neighbours.DisposeAsync();
    }
}

public class ExportTests(RoomWithNeighbours room) : IClassFixture<RoomWithNeighbours>
{
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
}
