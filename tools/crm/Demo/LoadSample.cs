using System.Diagnostics;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>
/// Sends the sample shop through the gateway. Rows that are there already change nothing, so an interrupted load is simply repeated.
/// </summary>
public sealed class LoadSample(Api api, Sample sample)
{
    private const int Chunk = 500;
    private const int Lanes = 4;
    private readonly Dictionary<string, string> _ids = [];

    public ImportCount Customers { get; private set; } = new();
    public ImportCount Purchases { get; private set; } = new();
    public ImportCount Tickets { get; private set; } = new();
    public TimeSpan PurchasesTook { get; private set; }

    /// <summary>The ids of the customers by their numbers in the sample.</summary>
    public IReadOnlyDictionary<string, string> Ids => _ids;

    /// <summary>Null where they were not measured: some of the purchases were there already.</summary>
    public Delays? Delays { get; private set; }

    /// <param name="last">How many of the last purchases come one by one, as in a shop, while delays are measured.</param>
    /// <param name="imported">Runs after the other purchases.</param>
    public Task Run(int last, Func<LoadSample, Task> imported, CancellationToken ct) =>
        AnsiConsole
            .Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(async progress =>
            {
                var count = sample.Purchases.Count();
                var customers = progress.AddTask("customers", maxValue: sample.Customers.Count());
                var purchases = progress.AddTask("purchases", autoStart: false, maxValue: count - last);
                var singly = last == 0 ? null : progress.AddTask("the last ones singly", autoStart: false, maxValue: last);
                var tickets = progress.AddTask("tickets", autoStart: false, maxValue: sample.Tickets.Count());
                Customers = await Import("customers", sample.Customers, row => Key(row["externalIds"]![0]!), customers, ct);
                purchases.StartTask();
                var began = Stopwatch.GetTimestamp();
                Purchases = await Import("purchases", sample.Purchases.Take(count - last), Buyer, purchases, ct);
                PurchasesTook = Stopwatch.GetElapsedTime(began);
                await imported(this);
                if (singly is not null)
                    await Shop(sample.Purchases.Skip(count - last), singly, ct);
                tickets.StartTask();
                Tickets = await Import("tickets", sample.Tickets.Select(WithHistory), Buyer, tickets, ct, "/api/service-desk");
            });

    private async Task Shop(IEnumerable<JsonObject> rows, ProgressTask bar, CancellationToken ct)
    {
        bar.StartTask();
        if (Purchases is { Unchanged: > 0 } or { Refused: > 0 })
        {
            Purchases += await Import("purchases", rows, Buyer, bar, ct);
            return;
        }
        var bought = rows.ToList();
        foreach (var row in bought)
        {
            row["customerId"] = _ids[Buyer(row)];
            row.Remove("customer");
        }
        Delays = await Latency.Measure(api, bought, TimeProvider.System, () => bar.Increment(1), ct);
        Purchases = Purchases with { Recorded = Purchases.Recorded + bought.Count };
    }

    /// <summary>A customer's rows stay in one lane and in order; the lanes run side by side.</summary>
    private async Task<ImportCount> Import(
        string kind,
        IEnumerable<JsonObject> rows,
        Func<JsonObject, string> keyOf,
        ProgressTask bar,
        CancellationToken ct,
        string room = "/api/customers"
    )
    {
        var lanes = rows.GroupBy(row => Lane(keyOf(row)))
            .Select(async lane =>
            {
                var count = new ImportCount();
                foreach (var chunk in lane.Chunk(Chunk))
                {
                    var at = 0;
                    await foreach (
                        var line in api.Import($"{room}/imports/sample/{kind}", [.. chunk.Select(row => row.ToJsonString())], ct)
                    )
                    {
                        count = count.With(line);
                        if (kind == "customers" && line["id"]?.GetValue<string>() is { } id)
                            lock (_ids)
                                _ids[keyOf(chunk[at])] = id;
                        at++;
                        bar.Increment(1);
                    }
                    if (at != chunk.Length)
                        throw new CrmException($"the import of {kind} answered {at} of {chunk.Length} rows");
                }
                return count;
            });
        return (await Task.WhenAll(lanes)).Aggregate(new ImportCount(), (sum, one) => sum + one);
    }

    /// <summary>The ticket as an import takes it: what happened to it is its history.</summary>
    private static JsonObject WithHistory(JsonObject ticket)
    {
        var history = new JsonArray();
        if (ticket["answeredAt"] is not null)
            Happened("reply", "answeredAt", ("agent", ticket["agent"]), ("channel", ticket["channel"]), ("text", ticket["answer"]));
        if (ticket["solvedAt"] is not null)
            Happened("resolved", "solvedAt", ("outcome", ticket["outcome"]), ("cause", ticket["cause"]));
        if (ticket["ratedAt"] is not null)
            Happened("rated", "ratedAt", ("score", ticket["disputed"]!.GetValue<bool>() ? 2 : 4));
        foreach (var told in new[] { "answeredAt", "solvedAt", "ratedAt", "agent", "answer", "outcome", "cause", "disputed" })
            ticket.Remove(told);
        ticket["history"] = history;
        return ticket;

        void Happened(string what, string when, params (string Name, JsonNode? Value)[] members)
        {
            var entry = new JsonObject { ["event"] = what, ["occurredAt"] = ticket[when]!.DeepClone() };
            foreach (var (name, value) in members)
                entry[name] = value?.DeepClone();
            history.Add(entry);
        }
    }

    private static string Buyer(JsonObject row) => Key(row["customer"]!);

    private static string Key(JsonNode externalId) => externalId["value"]!.GetValue<string>();

    private static int Lane(string key) => key.Sum(c => c) % Lanes;
}

/// <summary>What became of the rows of an import.</summary>
public sealed record ImportCount(int Recorded = 0, int Unchanged = 0, int Refused = 0, string? FirstRefusal = null)
{
    public ImportCount With(JsonNode line) =>
        line["status"]?.GetValue<string>() switch
        {
            "recorded" or "would-record" => this with { Recorded = Recorded + 1 },
            "unchanged" => this with { Unchanged = Unchanged + 1 },
            _ => this with { Refused = Refused + 1, FirstRefusal = FirstRefusal ?? line.ToJsonString(Look.Readable) },
        };

    public static ImportCount operator +(ImportCount a, ImportCount b) =>
        new(a.Recorded + b.Recorded, a.Unchanged + b.Unchanged, a.Refused + b.Refused, a.FirstRefusal ?? b.FirstRefusal);

    public override string ToString() =>
        Refused == 0
            ? $"{Recorded:N0} new, {Unchanged:N0} already there"
            : $"{Recorded:N0} new, {Unchanged:N0} already there, {Refused:N0} refused {FirstRefusal}".TrimEnd();
}
