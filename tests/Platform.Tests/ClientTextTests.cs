extern alias Customers;
extern alias Loyalty;

using System.Text;
using System.Text.Json;
using CrmPlatform.Contracts;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// Nothing that a client writes gets into a log or into telemetry: neither when it is accepted, nor when it is refused, nor when something
/// fails. Logged is more than an operator would ask for, of all libraries.
/// </summary>
[Collection(nameof(TracingTests.Alone))]
public sealed class ClientTextTests
{
    [Fact]
    public Task no_text_of_a_client_is_logged_or_sent_by_customers() => Check(new Loud<Customers::Program>(), "/api/customers/purchases");

    [Fact]
    public Task no_text_of_a_client_is_logged_or_sent_by_loyalty() => Check(new Loud<Loyalty::Program>(), "/api/loyalty/accounts");

    static async Task Check<TProgram>(Loud<TProgram> room, string route)
        where TProgram : class
    {
        await using var collector = room.Collector = await OtlpReceiver.Start();
        await room.InitializeAsync();
        try
        {
            var answers = await MarkedRequests.Send(room);
            answers.Keys.ShouldBeSubsetOf([200, 201, 202, 400, 404, 409, 412, 415, 422, 429, 503]);
            answers[400].ShouldBeGreaterThan(100);
            answers.Where(a => a.Key < 300).Sum(a => a.Value).ShouldBeGreaterThan(10);
            await Fails(room);
            await room.Hear(Unreadable(room.Services.GetRequiredService<Reactions>()));
            await room.CatchUp();
        }
        finally
        {
            await room.DisposeAsync();
        }
        var lines = room.Lines.Select(line => (Text: line, Json: JsonSerializer.Deserialize<JsonElement>(line))).ToList();
        lines.ShouldContain(line => line.Text.Contains("UnexpectedError", StringComparison.Ordinal), "the 500 is logged");
        lines.Count(line => Has(line.Json, "correlationId") && Has(line.Json, "traceId")).ShouldBeGreaterThan(0);
        lines.ShouldAllBe(line =>
            line.Text.IndexOf('\n') == line.Text.Length - 1 && line.Json.GetProperty("time").GetDateTime().Kind == DateTimeKind.Utc
        );
        lines.Select(line => line.Text).FirstOrDefault(Says).ShouldBeNull();
        var sent = collector.Bodies.Select(Encoding.Latin1.GetString).ToList();
        sent.ShouldContain(body => body.Contains(route, StringComparison.Ordinal), "the search finds what is there");
        foreach (var body in sent)
            if (body.IndexOf(MarkedRequests.Marker, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
                Assert.Fail($"sent: …{body[Math.Max(0, at - 200)..Math.Min(body.Length, at + 50)]}");
    }

    static bool Has(JsonElement line, string member) => line.TryGetProperty(member, out _);

    static bool Says(string text) => text.Contains(MarkedRequests.Marker, StringComparison.OrdinalIgnoreCase);

    /// <summary>A request that nobody foresaw: a table is not there.</summary>
    static async Task Fails<TProgram>(Loud<TProgram> room)
        where TProgram : class
    {
        await using var admin = Npgsql.NpgsqlDataSource.Create(room.Database.Admin);
        await using (var gone = admin.CreateCommand("alter table idempotency_keys rename to elsewhere"))
            await gone.ExecuteNonQueryAsync();
        var answers = await MarkedRequests.Send(room);
        answers.GetValueOrDefault(500).ShouldBeGreaterThan(0);
        await using var back = admin.CreateCommand("alter table elsewhere rename to idempotency_keys");
        await back.ExecuteNonQueryAsync();
    }

    /// <summary>A fact that the room acts on and cannot read.</summary>
    static Fact Unreadable(Reactions reactions)
    {
        var fact = new CustomerRegistered(Guid.CreateVersion7(), "individual", null, DateTimeOffset.UnixEpoch);
        return Room<Loyalty::Program>.AsFact("customers", fact) with
        {
            Contract = ContractCatalogue.All.First(contract => reactions.Heard.Contains(contract.Type)).Name,
            Data = JsonSerializer.SerializeToElement(MarkedRequests.Marker),
        };
    }

    sealed class Loud<TProgram> : Room<TProgram>
        where TProgram : class
    {
        readonly CapturedLines captured = new();

        public OtlpReceiver Collector { get; set; } = null!;
        public IReadOnlyCollection<string> Lines => captured.Lines;

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>([
                .. base.Settings,
                // Nobody is there: whoever asks another room fails.
                .. Rooms.Room.All.Select(room => KeyValuePair.Create($"Services:{room.Project}", "http://127.0.0.1:9")),
            ])
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Collector.Address,
                ["Logging:LogLevel:Default"] = "Debug",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Debug",
                ["Logging:LogLevel:System.Net.Http"] = "Debug",
                ["Logging:LogLevel:MassTransit"] = "Debug",
                ["Logging:LogLevel:Polly"] = "Debug",
            };

        protected override void Add(IServiceCollection services) => captured.InsteadOfTheConsole(services);
    }
}
