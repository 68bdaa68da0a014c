using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.EventSourcing;
using CrmPlatform.Portraits.Profiles;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Portraits.Tests;

/// <summary>The room with a neighbour on loopback that answers as customers does, or not at all.</summary>
public sealed class PortraitsFixture : ServiceFixture<Program>
{
    public static readonly string[] Everything = ["customers.read", "personal.read", "personal.export", "ops.read", "ops.dead-letters"];

    readonly WebApplication customers = WebApplication.CreateSlimBuilder().Build();

    /// <summary>Whom customers knows.</summary>
    public ConcurrentDictionary<Guid, CustomerProfile> Known { get; } = [];

    /// <summary>What customers was asked last: query, token and correlation id.</summary>
    public (string Query, string Token, string Correlation) Asked { get; private set; }

    public bool Away { get; set; }

    /// <summary>It takes the request and says nothing.</summary>
    public bool Silent { get; set; }

    protected override bool DescribesItsProblems => true;

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Business:TimeZone"] = "America/New_York",
            ["Business:Currency"] = "USD",
            ["Services:Customers"] = customers
                .Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.Single(),
        };

    protected override Task<TestDatabase> NewDatabase() =>
        TestDatabase.Create(CrmService.TablesOfReaders + PortraitsHearing.Tables, log: false);

    public override async Task InitializeAsync()
    {
        customers.Urls.Add("http://127.0.0.1:0");
        customers.MapGet(
            "/api/customers/{id:guid}",
            async (Guid id, HttpContext http) =>
            {
                if (Silent)
                    await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted);
                Asked = (
                    http.Request.QueryString.ToString(),
                    http.Request.Headers.Authorization.ToString(),
                    http.Request.Headers["X-Correlation-Id"].ToString()
                );
                return Away ? Results.StatusCode(503)
                    : Known.TryGetValue(id, out var profile) ? Results.Json(profile, EventStoreOptions.Json)
                    : Results.NotFound();
            }
        );
        await customers.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await customers.DisposeAsync();
    }

    public HttpClient All() => Http(Everything);

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A customer whom this room has heard of.</summary>
    public async Task<Guid> Somebody(string registered = "2026-01-01T08:00:00Z")
    {
        var id = Guid.CreateVersion7();
        await Hear("customers", new Contracts.CustomerRegistered(id, "individual", "shop", At(registered)));
        return id;
    }

    public static Contracts.PurchaseRecorded Purchase(Guid? customer, decimal net, string at, string category = "GROCERY") =>
        new(customer, Guid.CreateVersion7(), "shop", "n", "store", "USD", net, "USD", net, 1, [new("p", category, 1, net)], At(at));

    public async Task<JsonElement> Get(string path, int expected = 200)
    {
        var answer = await All().GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(expected, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public Task<JsonElement> Portrait(Guid id, string query = "") => Get($"/api/customers/{id}/portrait{query}");

    /// <summary>Every portrait, byte by byte.</summary>
    public async Task<string> States()
    {
        await using var command = Db.CreateCommand(
            "select coalesce(string_agg(customer_id::text || convert_from(state, 'UTF8'), E'\n' order by customer_id), '') from portrait"
        );
        return (string)(await command.ExecuteScalarAsync())!;
    }
}

[CollectionDefinition("portraits")]
public sealed class PortraitsCollection : ICollectionFixture<PortraitsFixture>;
