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
    public long PurchasesBegan { get; private set; }
    public TimeSpan PurchasesTook { get; private set; }

    /// <param name="afterPurchases">Runs between the purchases and the tickets.</param>
    public Task Run(Func<LoadSample, Task> afterPurchases, CancellationToken ct) =>
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
                var customers = progress.AddTask("customers", maxValue: sample.Customers.Count());
                var purchases = progress.AddTask("purchases", autoStart: false, maxValue: sample.Purchases.Count());
                var tickets = progress.AddTask("tickets", autoStart: false, maxValue: sample.Tickets.Count());
                Customers = await Import("customers", sample.Customers, row => Key(row["externalIds"]![0]!), customers, ct);
                purchases.StartTask();
                PurchasesBegan = Stopwatch.GetTimestamp();
                Purchases = await Import("purchases", sample.Purchases, row => Key(row["customer"]!), purchases, ct);
                PurchasesTook = Stopwatch.GetElapsedTime(PurchasesBegan);
                await afterPurchases(this);
                tickets.StartTask();
                Tickets = await OpenTickets(tickets, ct);
            });

    /// <summary>A customer's rows stay in one lane and in order; the lanes run side by side.</summary>
    private async Task<ImportCount> Import(
        string kind,
        IEnumerable<JsonObject> rows,
        Func<JsonObject, string> keyOf,
        ProgressTask bar,
        CancellationToken ct
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
                        var line in api.Import($"/api/customers/imports/sample/{kind}", [.. chunk.Select(row => row.ToJsonString())], ct)
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

    private async Task<ImportCount> OpenTickets(ProgressTask bar, CancellationToken ct)
    {
        var (done, refused) = (0, 0);
        await Parallel.ForEachAsync(
            sample.Tickets,
            new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = ct },
            async (ticket, stop) =>
            {
                if (_ids.TryGetValue(Key(ticket["customer"]!), out var customer))
                {
                    await Bring(ticket, customer, stop);
                    Interlocked.Increment(ref done);
                }
                else
                    Interlocked.Increment(ref refused); // the customer's own row was
                bar.Increment(1);
            }
        );
        return new ImportCount(Recorded: done, Refused: refused);
    }

    /// <summary>Opened when it was; solved now, because nobody wrote down when, with the answer that the customer gave to that.</summary>
    private async Task Bring(JsonObject ticket, string customer, CancellationToken ct)
    {
        var reference = $"sample-{ticket["reference"]}";
        var opened = await api.Post(
            "/api/service-desk/tickets",
            new
            {
                source = ticket["source"],
                reference = ticket["reference"],
                customerId = customer,
                kind = ticket["kind"],
                category = ticket["category"],
                channel = ticket["channel"],
                subject = ticket["subject"],
                text = ticket["text"],
                occurredAt = ticket["occurredAt"],
            },
            ct,
            reference
        );
        if (ticket["outcome"] is not { } outcome)
            return;
        var address = $"/api/service-desk/tickets/{opened!["id"]}";
        await Unless(422, () => api.Post($"{address}/resolve", new { outcome, cause = ticket["cause"] }, ct, $"{reference}-resolved"));
        if (ticket["disputed"]?.GetValue<bool>() is { } disputed)
            await Unless(422, () => api.Post($"{address}/satisfaction", new { score = disputed ? 2 : 4 }, ct, $"{reference}-answer"));
    }

    /// <summary>A load that is repeated after a week meets tickets that are solved and answered already.</summary>
    private static async Task Unless(int status, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (CrmException refused) when (refused.Status == status)
        {
            return;
        }
    }

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
