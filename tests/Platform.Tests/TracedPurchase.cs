extern alias Customers;
extern alias Loyalty;
extern alias Portraits;

using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Testing;
using Npgsql;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// A purchase at customers, until loyalty has given the points for it and portraits has it on the timeline; then all end and have sent
/// everything.
/// </summary>
public sealed class TracedPurchase : IAsyncLifetime
{
    const string Name = "Zuzanna 欧阳",
        Phone = "+8613800004321",
        Email = "zuzanna@example.com";

    public static string[] Secrets { get; } = ["Zuzanna", "zuzanna", "欧阳", "13800004321"];

    public static ActivityContext Caller { get; } =
        new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    public OtlpReceiver Collector { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Collector = await OtlpReceiver.Start();
        var customers = new Customers(Collector.Address);
        await customers.InitializeAsync();
        try
        {
            await using var database = await TestDatabase.Create(ServiceDefaults.CrmService.Tables);
            await using var log = database.Open();
            await using var loyalty = RoomProcess.Start<Loyalty::Program>(Settings(database, customers));
            await using var tables = await PortraitsRoom.Tables();
            await using var timeline = tables.Open();
            await using var portraits = RoomProcess.Start<Portraits::Program>(Settings(tables, customers));
            var customer = await Post(
                customers,
                "/api/customers",
                caller: null,
                new
                {
                    kind = "individual",
                    profile = new { name = Name },
                    contacts = new[] { new { kind = "phone", value = Phone }, new { kind = "email", value = Email } },
                }
            );
            // The purchase must not share a packet with the registration, or its SQL would hang below that one's trace.
            await Recorded(log, customer, "account_opened");
            await Heard(timeline, customer, "customers.customer-registered");
            await Post(
                customers,
                "/api/customers/purchases",
                Caller,
                new
                {
                    source = "test",
                    orderNumber = "1",
                    channel = "store",
                    currency = "USD",
                    customerId = customer,
                    occurredAt = "2026-05-04T10:00:00Z",
                    lines = new[]
                    {
                        new
                        {
                            productId = "p1",
                            quantity = 1,
                            net = 60m,
                        },
                    },
                }
            );
            await Recorded(log, customer, "points_earned");
            await Heard(timeline, customer, "customers.purchase-recorded");
            await Task.WhenAll(loyalty.Stop(), portraits.Stop());
        }
        finally
        {
            await customers.DisposeAsync();
        }
    }

    public async Task DisposeAsync() => await Collector.DisposeAsync();

    static async Task<Guid> Post(Customers customers, string path, ActivityContext? caller, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (caller is { } known)
            request.Headers.Add("traceparent", $"00-{known.TraceId}-{known.SpanId}-01");
        var answer = await customers.Http("customers.write", "customers.purchases.write").SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    Dictionary<string, string> Settings(TestDatabase database, Customers customers) =>
        new()
        {
            ["ConnectionStrings:Postgres"] = database.App,
            ["ConnectionStrings:RabbitMq"] = customers.Vhost.Address,
            ["Business:TimeZone"] = "America/New_York",
            ["Business:Currency"] = "USD",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Collector.Address,
            ["PersonalData:MasterKey"] = Convert.ToBase64String(new byte[32]),
            ["PersonalData:IndexKey"] = Convert.ToBase64String(new byte[32]),
        };

    static Task Recorded(NpgsqlDataSource log, Guid stream, string type) =>
        Until(log, "select exists (select from mt_events where stream_id = $1 and type = $2)", stream, type);

    static Task Heard(NpgsqlDataSource timeline, Guid customer, string contract) =>
        Until(timeline, "select exists (select from timeline where customer_id = $1 and contract = $2)", customer, contract);

    static async Task Until(NpgsqlDataSource db, string sql, Guid id, string what)
    {
        await using var command = db.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = what });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await command.ExecuteScalarAsync(patience.Token) is not true)
            await Task.Delay(50, patience.Token);
    }

    sealed class Customers(string collector) : Room<Customers::Program>
    {
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(base.Settings)
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
                // A log line for each request, with its URL, which could name somebody.
                ["Logging:LogLevel:Microsoft.AspNetCore.Hosting"] = "Information",
            };
    }
}
