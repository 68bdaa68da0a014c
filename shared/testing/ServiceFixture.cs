using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using CrmPlatform.Contracts;
using CrmPlatform.EventSourcing;
using CrmPlatform.ServiceDefaults;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace CrmPlatform.Testing;

/// <summary>
/// Runs a service against the real PostgreSQL and RabbitMQ, with its own database and virtual host. Subclass it to change settings.
/// </summary>
public class ServiceFixture<TProgram> : IAsyncLifetime
    where TProgram : class
{
    readonly Consumed consumed = new();
    Factory? factory;
    Described? described;
    TestDatabase? database;
    TestVhost? vhost;

    public TestClock Clock { get; } = new();
    public IServiceProvider Services => factory!.Services;
    public EventStore Store => Services.GetRequiredService<EventStore>();
    public NpgsqlDataSource Db => Services.GetRequiredService<NpgsqlDataSource>();
    public ProjectionDaemon Daemon => Services.GetRequiredService<ProjectionDaemon>();
    public TestDatabase Database => database!;
    public TestVhost Vhost => vhost!;

    /// <summary>The broker address that the service uses; a test may insert a proxy.</summary>
    protected virtual string BrokerAddress => Vhost.Address;

    /// <summary>Settings besides the connections, like <c>Loyalty:Rules:0:PointsPerUnit</c>.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    /// <summary>
    /// Whether every problem that the service answers must be listed for the operation in its OpenAPI document. If so, one that is not
    /// listed becomes a 500 that says so.
    /// </summary>
    protected virtual bool DescribesItsProblems => false;

    /// <summary>Services besides the room's own.</summary>
    protected virtual void Add(IServiceCollection services) { }

    /// <summary>The database of a room with a log.</summary>
    protected virtual Task<TestDatabase> NewDatabase() => TestDatabase.Create(CrmService.Tables);

    protected virtual Task<TestVhost> NewVhost() => TestVhost.Create();

    public virtual async Task InitializeAsync()
    {
        database = await NewDatabase();
        vhost = await NewVhost();
        Start();
    }

    public virtual async Task DisposeAsync()
    {
        await factory!.DisposeAsync();
        await vhost!.DisposeAsync();
        await database!.DisposeAsync();
    }

    /// <summary>Stops the process and starts it again on the same database and virtual host.</summary>
    public async Task Restart()
    {
        await factory!.DisposeAsync();
        Start();
    }

    /// <summary>A client whose token has these permissions. <c>sub</c> is "tester".</summary>
    public HttpClient Http(params string[] permissions)
    {
        var client = factory!.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token("tester", permissions));
        return client;
    }

    public HttpClient Anonymous() => factory!.CreateClient();

    public static string Token(string subject, params string[] permissions) => TestTokens.Issue(subject, permissions);

    /// <summary>Publishes facts as another service's feed does, and returns when this service has processed them.</summary>
    public Task Hear(string publisher, params object[] facts) => Hear([.. facts.Select(f => AsFact(publisher, f))]);

    /// <summary>The same with given event ids, to deliver a fact twice.</summary>
    public async Task Hear(params Fact[] facts)
    {
        var exchange = await Services.GetRequiredService<IBus>().GetSendEndpoint(new($"exchange:{Topology.Facts}?type=topic"));
        foreach (var group in facts.GroupBy(f => (f.Publisher, Partition: Partition.Of(f.Subject))))
        {
            var done = consumed.Next(group.Last().EventId);
            await exchange.Send(
                new FactPacket(group.Key.Publisher, group.Key.Partition, [.. group]),
                send =>
                    send.SetRoutingKey(
                        Topology.RoutingKey(
                            group.Key.Publisher,
                            group.Key.Partition,
                            [Services.GetRequiredService<IConfiguration>()["Context"]!]
                        )
                    )
            );
            await done.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Wraps a contract as its publisher's feed would.</summary>
    public static Fact AsFact(string publisher, object contract)
    {
        var data = JsonSerializer.SerializeToElement(contract, EventStoreOptions.Json);
        var subject =
            data.TryGetProperty("customerId", out var id) && id.ValueKind == JsonValueKind.String
                ? id.GetGuid()
                : data.GetProperty("purchaseId").GetGuid();
        var occurred = data.GetProperty("occurredAt").GetDateTimeOffset();
        return new(
            Contract: ContractCatalogue.Of(publisher, contract.GetType()).Name,
            EventId: Guid.CreateVersion7(),
            Subject: subject,
            Version: 1,
            OccurredAt: occurred,
            RecordedAt: TimeProvider.System.GetUtcNow(),
            Correlation: null,
            TraceParent: null,
            Data: data
        );
    }

    /// <summary>Returns when every projection and subscription of this service is up to date.</summary>
    public Task CatchUp() =>
        Services.GetService<ProjectionDaemon>()?.CatchUp(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token) ?? Task.CompletedTask;

    /// <summary>Executes what is due now. Returns how many facts were recorded.</summary>
    public Task<int> RunDue<T>()
        where T : class, IDueWork => Services.GetRequiredService<DueRunner>().Run(Services.GetRequiredService<T>());

    void Start()
    {
        factory = new(this);
        _ = factory.Services;
        Services
            .GetRequiredService<IBusControl>()
            .WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30))
            .GetAwaiter()
            .GetResult();
        Services.GetRequiredService<IBus>().ConnectConsumeObserver(consumed);
        described = DescribesItsProblems ? Described.In(Anonymous().GetStringAsync("/openapi/v1.json").GetAwaiter().GetResult()) : null;
    }

    sealed class Factory(ServiceFixture<TProgram> fixture) : WebApplicationFactory<TProgram>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            var settings = new Dictionary<string, string>(fixture.Settings)
            {
                ["ConnectionStrings:Postgres"] = fixture.Database.App,
                ["ConnectionStrings:RabbitMq"] = fixture.BrokerAddress,
                ["PersonalData:MasterKey"] = Convert.ToBase64String(SHA256.HashData("master"u8)),
                ["PersonalData:IndexKey"] = Convert.ToBase64String(SHA256.HashData("index"u8)),
            };
            settings.TryAdd("Logging:LogLevel:Default", "Warning");
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
            builder.ConfigureTestServices(services =>
            {
                services.AddSingleton<TimeProvider>(fixture.Clock);
                services.PostConfigure<ProblemDetailsOptions>(o =>
                {
                    var customize = o.CustomizeProblemDetails;
                    o.CustomizeProblemDetails = context =>
                    {
                        customize?.Invoke(context);
                        fixture.described?.Check(context);
                    };
                });
                TestTokens.Accept(services);
                fixture.Add(services);
            });
        }
    }
}
