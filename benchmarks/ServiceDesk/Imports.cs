using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Testing;
using Npgsql;

namespace CrmPlatform.ServiceDeskBenchmarks;

/// <summary>
/// Tickets with a history of six entries, sent to the desk in one upload as <c>./crm import tickets</c> sends them; beside it the same
/// facts, sealed and encoded as they were stored, copied within the server into a log without views, 500 tickets a transaction.
/// </summary>
static class Imports
{
    const int Customers = 1_000,
        TicketsOfTransaction = 500;

    /// <summary>The whole service with its feed to a broker where nobody listens, and customers that knows everybody.</summary>
    sealed class Desk(KeyValuePair<string, string> customers) : ServiceFixture<Program>
    {
        protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>([customers]);
    }

    public static async Task Measure(Settings settings, List<Row> rows)
    {
        if (!settings.Wants("import"))
            return;
        // The host finds the service's settings by a file that is looked for here.
        Directory.SetCurrentDirectory(AppContext.BaseDirectory);
        await using var customers = new AskedCustomers();
        await customers.Start();
        var (desk, tickets) = (new Desk(customers.Setting), settings.Quick ? 1_000 : 3_000);
        await desk.InitializeAsync();
        try
        {
            using var http = desk.Http("service-desk.import");
            await Upload(http, "warm-up", 1_000);
            var (imported, bare, facts) = (new List<double>(), new List<double>(), 0L);
            for (var round = 1; round <= settings.Rounds; round++)
            {
                var before = await Last(desk);
                imported.Add(tickets / await Upload(http, $"round-{round}", tickets));
                var last = await Last(desk);
                await desk.CatchUp();
                (var seconds, facts) = await Copy(desk, before, last, tickets);
                bare.Add(tickets / seconds);
            }
            var (ours, theirs) = (Median(imported), Median(bare));
            var share = Median([.. imported.Zip(bare, (a, b) => a / b)]);
            rows.Add(
                new(
                    $"import of {tickets:N0} tickets, {(double)facts / tickets:0.0} facts each",
                    "c = 1",
                    $"{ours:0}/s, {share.ToString("0.000", CultureInfo.InvariantCulture)} of bare",
                    Goal: ">= 300/s",
                    Met: ours >= 300
                )
            );
            rows.Add(new("import: the same facts into a bare log", "c = 1", $"{theirs:0}/s"));
        }
        finally
        {
            await desk.DisposeAsync();
        }
    }

    /// <returns>Seconds until every ticket was answered to be recorded.</returns>
    static async Task<double> Upload(HttpClient http, string name, int tickets)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Tickets(name, tickets)));
        content.Headers.ContentType = new("application/x-ndjson");
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.PostAsync(new Uri($"/api/service-desk/imports/{name}/tickets", UriKind.Relative), content);
        var results = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var other = results.FirstOrDefault(result => !result.Contains("\"recorded\"", StringComparison.Ordinal));
        return results.Length == tickets && other is null
            ? seconds
            : throw new InvalidOperationException(
                $"{results.Length} of {tickets} tickets were answered; one that is not recorded: {other}"
            );
    }

    static string Tickets(string name, int count)
    {
        var (text, from) = (new StringBuilder(), TimeProvider.System.GetUtcNow().AddDays(-200));
        for (var n = 0; n < count; n++)
        {
            var opened = from.AddMinutes(n * 90 % 250_000);
            DateTimeOffset After(double hours) => opened.AddHours(hours);
            var ticket = new JsonObject
            {
                ["source"] = "bench",
                ["reference"] = $"{name}-{n}",
                ["customerId"] = new Guid(n % Customers + 1, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]),
                ["kind"] = n % 3 == 0 ? "complaint" : "request",
                ["category"] = n % 2 == 0 ? "billing" : "delivery",
                ["channel"] = "email",
                ["subject"] = $"Where is order {n}?",
                ["text"] = "The parcel was promised for Friday, and today is Tuesday. Nobody answers the telephone.",
                ["occurredAt"] = opened,
                ["history"] = new JsonArray(
                    Entry("assigned", After(1), ("agent", $"agent-{n % 20}")),
                    Entry(
                        "reply",
                        After(n % 5 + 1),
                        ("channel", "email"),
                        ("text", "We are asking the carrier and will write again."),
                        ("agent", $"agent-{n % 20}")
                    ),
                    Entry("waiting", After(6)),
                    Entry("customerReply", After(30), ("channel", "email"), ("text", "Thank you, it has arrived.")),
                    Entry("resolved", After(40), ("outcome", "found"), ("cause", "carrier")),
                    Entry("rated", After(50), ("score", n % 5 + 1))
                ),
            };
            text.Append(ticket.ToJsonString()).Append('\n');
        }
        return text.ToString();

        static JsonObject Entry(string what, DateTimeOffset at, params (string Name, JsonNode Value)[] more)
        {
            var entry = new JsonObject { ["event"] = what, ["occurredAt"] = at };
            foreach (var (member, value) in more)
                entry[member] = value;
            return entry;
        }
    }

    static async Task<long> Last(Desk desk)
    {
        await using var command = desk.Db.CreateCommand("select coalesce(max(seq_id), 0) from mt_events");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <returns>Seconds, and how many facts were copied.</returns>
    static async Task<(double Seconds, long Facts)> Copy(Desk desk, long after, long last, int tickets)
    {
        await using var owner = new NpgsqlConnection(desk.Database.Owner);
        await owner.OpenAsync();
        await Execute(
            $"""
            drop table if exists bare_log, bare_parts;
            create table bare_log (like mt_events including all);
            create table bare_parts as
                select stream_id, (row_number() over (order by min(seq_id)) - 1) / {TicketsOfTransaction} as part
                from mt_events where seq_id > {after} and seq_id <= {last} group by stream_id
            """
        );
        var (started, facts) = (Stopwatch.GetTimestamp(), 0L);
        for (var part = 0; part * TicketsOfTransaction < tickets; part++)
            facts += await Execute(
                $"""
                insert into bare_log select e.* from bare_parts join mt_events e using (stream_id)
                where part = {part} and seq_id <= {last} order by seq_id
                """
            );
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, facts);

        async Task<int> Execute(string sql)
        {
            await using var command = new NpgsqlCommand(sql, owner);
            return await command.ExecuteNonQueryAsync();
        }
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
