using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Executes packets of facts in order, each fact once. Packets of several partitions that wait at the same moment share one transaction, so
/// under load there are fewer transactions. While the database is unavailable it retries. A fact that is unreadable or breaks a rule
/// becomes a dead letter, and later facts of that customer are parked behind it; facts of other customers are not delayed.
/// </summary>
public sealed class PacketConsumer(
    IPacketHandler handler,
    DeadLetters deadLetters,
    Turns turns,
    TimeProvider clock,
    ILogger<PacketConsumer> log
) : IConsumer<FactPacket>
{
    static readonly ActivitySource tracing = new("Crm.Messaging");
    static readonly Meter meter = new("Crm.Messaging");
    static readonly Counter<long> consumed = meter.CreateCounter<long>(
        "crm.facts.consumed",
        "{fact}",
        "Facts of other services that were processed"
    );
    static readonly Histogram<double> age = meter.CreateHistogram<double>(
        "crm.facts.age",
        "s",
        "Time from the publisher's record of a fact to its processing here"
    );

    static readonly Counter<long> refused = meter.CreateCounter<long>(
        "crm.facts.refused",
        "{fact}",
        "Facts that were not processed because another room than their publisher sent them"
    );

    public async Task Consume(ConsumeContext<FactPacket> context)
    {
        var (facts, ct) = (context.Message.Facts, context.CancellationToken);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (Refusal(context) is { } why)
                {
                    Fact[] told = [.. (facts ?? []).Where(fact => fact is not null)];
                    await deadLetters.Refuse(told, why, ct);
                    refused.Add(Math.Max(1, told.Length));
                    return;
                }
                if (attempt > 0 || !await turns.Take(facts, group => Together(group, ct), ct) && !await Together(facts, ct))
                    foreach (var fact in facts)
                        await deadLetters.Guarded(fact, () => Write([fact], ct), ct);
                break;
            }
            catch (Exception e) when (IsPassing(e) && !ct.IsCancellationRequested)
            {
                log.PacketRetried(e, attempt + 1);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(2_000, 50 * Math.Pow(2, Math.Min(attempt, 6)))), clock, ct);
            }
        }
        consumed.Add(facts.Count, new KeyValuePair<string, object?>("publisher", context.Message.Publisher));
        age.Record((clock.GetUtcNow() - facts[^1].RecordedAt).TotalSeconds);
    }

    static string? Refusal(ConsumeContext<FactPacket> context)
    {
        context.TryGetPayload<RabbitMqBasicConsumeContext>(out var rabbit);
        return BrokerUser.Refusal(context.Message, rabbit?.RoutingKey, rabbit?.Properties.UserId);
    }

    /// <summary>
    /// Whether an error is transient (database or network), so that a retry helps. Any other error is caused by the fact itself.
    /// </summary>
    public static bool IsPassing(Exception e) =>
        e is OperationCanceledException or TimeoutException or IOException or SocketException
        || e is NpgsqlException { IsTransient: true }
        || e is NpgsqlException and not PostgresException
        || e
            is PostgresException
            {
                SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            };

    /// <summary>
    /// Executes the facts in one transaction. False if it failed because of one of them: then they must be processed one by one.
    /// </summary>
    async Task<bool> Together(IReadOnlyList<Fact> facts, CancellationToken ct)
    {
        try
        {
            await Write(facts, ct, sql => DeadLetters.RefuseIfOpen(facts, sql));
            return true;
        }
        catch (Exception e) when (!IsPassing(e))
        {
            log.PacketSplit(e, facts.Count);
            return false;
        }
    }

    internal async Task Write(IReadOnlyList<Fact> facts, CancellationToken ct, Action<SqlBatch>? alongside = null)
    {
        var spans = new List<Activity>();
        try
        {
            var traced = new List<Fact>(facts.Count);
            foreach (var fact in facts)
            {
                ActivityContext.TryParse(fact.TraceParent, null, isRemote: true, out var parent);
                Activity.Current = null;
                var span = tracing.StartActivity($"consume {fact.Contract}", ActivityKind.Consumer, parent);
                if (span is not null)
                    spans.Add(span);
                traced.Add(span is null ? fact : fact with { TraceParent = span.Id });
            }
            // One transaction serves all facts of the packet: its span is a child of the first fact's span and is linked to all of them.
            Activity.Current = null;
            using var sql = tracing.StartActivity(
                "execute packet",
                ActivityKind.Internal,
                spans.FirstOrDefault()?.Context ?? default,
                links: spans.Select(s => new ActivityLink(s.Context))
            );
            await handler.Handle(traced, alongside, ct);
        }
        finally
        {
            foreach (var span in spans)
                span.Dispose();
        }
    }
}
