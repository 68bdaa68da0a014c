extern alias Customers;
extern alias Loyalty;

using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrmPlatform.Testing;
using Npgsql;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// An operator who names a collector can follow a purchase from the caller's request to the points, and reads nobody's name there.
/// </summary>
[Collection(nameof(Alone))]
public sealed class TracingTests(TracingTests.Purchase purchase) : IClassFixture<TracingTests.Purchase>
{
    [Fact]
    public void one_trace_reaches_from_the_callers_request_through_the_log_and_the_broker_to_the_listeners_sql()
    {
        var trace = purchase.Collector.Spans.Where(s => s.TraceId == Purchase.Caller.TraceId.ToHexString()).ToList();
        var request = trace.Single(s => s is { Service: "crm-customers", Scope: "Microsoft.AspNetCore" });
        request.Name.ShouldBe("POST /api/customers/purchases");
        request.ParentId.ShouldBe(Purchase.Caller.SpanId.ToHexString());
        trace.ShouldContain(s => s.Service == "crm-customers" && s.Scope == "Npgsql" && s.ParentId == request.SpanId);

        var ways = trace.Where(s => s is { Service: "crm-loyalty", Scope: "Npgsql" }).Select(s => Way(trace, s)).ToList();
        ways.ShouldNotBeEmpty();
        foreach (var way in ways)
        {
            way.Skip(1)
                .Select(s => (s.Service, s.Name))
                .ShouldBe([
                    ("crm-loyalty", "execute packet"),
                    ("crm-loyalty", "consume customers.purchase-recorded"),
                    (request.Service, request.Name),
                ]);
            way[^1].ShouldBe(request);
            way[1].Links.ShouldContain((way[2].TraceId, way[2].SpanId));
        }
    }

    [Fact]
    public void traces_metrics_and_logs_of_both_services_reach_the_collector()
    {
        string[] both = ["crm-customers", "crm-loyalty"];
        purchase.Collector.Spans.Select(s => s.Service).Distinct().ShouldBe(both, ignoreOrder: true);
        purchase.Collector.Loggers.Distinct().ShouldBe(both, ignoreOrder: true);
        var instruments = purchase.Collector.Instruments.ToHashSet();
        foreach (var service in both)
            instruments.ShouldContain((service, "crm.store.append.duration"));
        instruments.ShouldContain(("crm-loyalty", "crm.facts.consumed"));
    }

    [Fact]
    public void nothing_that_is_sent_names_a_person()
    {
        purchase.Collector.Bodies.ShouldContain(body => Says(body, "/api/customers/purchases"), "the search finds what is there");
        purchase.Collector.Bodies.ShouldNotContain(body => Says(body, "url.path"), "the route says which request it was");
        foreach (var secret in Purchase.Secrets)
            purchase.Collector.Bodies.ShouldNotContain(body => Says(body, secret), secret);
    }

    /// <summary>From a span through its parents to the one whose parent is not ours.</summary>
    static List<OtlpReceiver.Span> Way(IReadOnlyList<OtlpReceiver.Span> trace, OtlpReceiver.Span from)
    {
        var way = new List<OtlpReceiver.Span>();
        for (var at = from; at is not null; at = trace.SingleOrDefault(s => s.SpanId == way[^1].ParentId))
            way.Add(at);
        return way;
    }

    static bool Says(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    /// <summary>In one process all spans are everybody's: nothing else runs while the customers room sends them off.</summary>
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;

    /// <summary>A purchase at customers, until loyalty has given the points for it; then both end and have sent everything.</summary>
    public sealed class Purchase : IAsyncLifetime
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
                await using var loyalty = RoomProcess.Start<Loyalty::Program>(
                    new Dictionary<string, string>
                    {
                        ["ConnectionStrings:Postgres"] = database.App,
                        ["ConnectionStrings:RabbitMq"] = customers.Vhost.Address,
                        ["Business:TimeZone"] = "America/New_York",
                        ["Business:Currency"] = "USD",
                        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Collector.Address,
                        ["PersonalData:MasterKey"] = Convert.ToBase64String(new byte[32]),
                        ["PersonalData:IndexKey"] = Convert.ToBase64String(new byte[32]),
                    }
                );
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
                await loyalty.Stop();
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

        static async Task Recorded(NpgsqlDataSource log, Guid stream, string type)
        {
            await using var command = log.CreateCommand("select exists (select from mt_events where stream_id = $1 and type = $2)");
            command.Parameters.Add(new() { Value = stream });
            command.Parameters.Add(new() { Value = type });
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (await command.ExecuteScalarAsync(patience.Token) is not true)
                await Task.Delay(50, patience.Token);
        }
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
