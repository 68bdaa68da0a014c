using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Records who was shown whose personal text. A read does not wait for its rows: one writer writes them together, a moment later, and when
/// the service stops. What is not written yet is lost if the process is killed; the README says how much that can be.
/// </summary>
public sealed class PersonalReads(NpgsqlDataSource db, TimeProvider clock, ILogger<PersonalReads> log)
    : IHostedService,
        IHealthCheck,
        IDisposable
{
    const int MostWaiting = 1_000,
        MostTogether = 2_000;

    /// <summary>Reads of this time share a commit.</summary>
    static readonly TimeSpan together = TimeSpan.FromMilliseconds(100),
        longestPause = TimeSpan.FromSeconds(5),
        patience = TimeSpan.FromSeconds(5);

    static readonly Meter meter = new("Crm.PersonalData");
    static readonly Counter<long> written = meter.CreateCounter<long>(
        "crm.personal_reads.written",
        "{row}",
        "Rows about who was shown whose personal text"
    );
    static readonly Counter<long> failures = meter.CreateCounter<long>(
        "crm.personal_reads.failures",
        "{attempt}",
        "Attempts to write such rows that failed; they are repeated"
    );
    static long unwritten;

    static PersonalReads() =>
        meter.CreateObservableUpDownCounter(
            "crm.personal_reads.waiting",
            () => Interlocked.Read(ref unwritten),
            "{read}",
            "Reads whose rows are not written yet"
        );

    /// <param name="Done">Somebody who waits until what came before is written.</param>
    sealed record Waiting(IReadOnlyList<PersonalRead> Rows, TaskCompletionSource? Done = null);

    readonly Channel<Waiting> waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    readonly CancellationTokenSource giveUp = new();
    Task writing = Task.CompletedTask;
    volatile string? error;

    /// <summary>Waits only while too many others wait to be written: none is dropped.</summary>
    internal async ValueTask Note(HttpContext http, IReadOnlyCollection<Guid> customers)
    {
        var (at, user) = (clock.GetUtcNow(), http.User);
        var operation = http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? http.Request.Method;
        PersonalRead[] rows =
        [
            .. customers.Select(customer => new PersonalRead(
                Id: Guid.CreateVersion7(at),
                At: at,
                Client: user.FindFirst("client_id")?.Value,
                Subject: user.Subject(),
                Actor: Actor(user.FindFirst("act")?.Value),
                Operation: operation,
                CustomerId: customer,
                CorrelationId: Correlation.Of(http)
            )),
        ];
        await waiting.Writer.WriteAsync(new(rows), http.RequestAborted);
        Interlocked.Increment(ref unwritten);
    }

    /// <summary>Returns when what this replica has shown so far is written.</summary>
    /// <exception cref="TimeoutException">It cannot be written now.</exception>
    public async Task Flush(CancellationToken ct)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await waiting.Writer.WriteAsync(new([], done), ct);
        await done.Task.WaitAsync(patience, ct);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        writing = Task.Run(Write, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Writes what waits. The server has stopped before: services stop in the opposite order of their start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        await using (cancellationToken.Register(giveUp.Cancel))
            await writing;
    }

    public void Dispose() => giveUp.Dispose();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            error is { } why ? HealthCheckResult.Degraded($"reads of personal text cannot be recorded: {why}") : HealthCheckResult.Healthy()
        );

    async Task Write()
    {
        var batch = new List<Waiting>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            Take(batch);
            if (batch.TrueForAll(read => read.Done is null))
            {
                await Task.Delay(together);
                Take(batch);
            }
            if (!await Write([.. batch.SelectMany(read => read.Rows)]))
                return;
            Interlocked.Add(ref unwritten, -batch.Count(read => read.Done is null));
            batch.ForEach(read => read.Done?.TrySetResult());
            batch.Clear();
        }
    }

    void Take(List<Waiting> batch)
    {
        for (var rows = batch.Sum(read => read.Rows.Count); rows < MostTogether && waiting.Reader.TryRead(out var read); )
        {
            batch.Add(read);
            rows += read.Rows.Count;
        }
    }

    /// <summary>Tries until it succeeds.</summary>
    /// <returns>False if the service had to end before.</returns>
    async Task<bool> Write(PersonalRead[] rows)
    {
        for (var attempt = 1; rows.Length > 0; attempt++)
            try
            {
                await PersonalReadTable.Add(db, rows, giveUp.Token);
                error = null;
                written.Add(rows.Length);
                break;
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                log.LogError(
                    "{Rows} rows about reads of personal text are lost: the service ended before they could be written",
                    rows.Length
                );
                return false;
            }
            catch (Exception e)
            {
                error = e.Message;
                failures.Add(1);
                log.LogWarning("Reads of personal text cannot be recorded, attempt {Attempt}: {Error}", attempt, e.Message);
                await Task.WhenAny(
                    Task.Delay(Math.Min(100 << Math.Min(attempt, 6), (int)longestPause.TotalMilliseconds)),
                    Task.Delay(Timeout.Infinite, giveUp.Token)
                );
            }
        return true;
    }

    /// <summary>The subject of the claim <c>act</c> (RFC 8693).</summary>
    static string? Actor(string? claim) => claim is ['{', ..] ? (string?)JsonNode.Parse(claim)?["sub"] : claim;
}
