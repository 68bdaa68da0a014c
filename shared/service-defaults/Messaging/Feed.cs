using System.Text.Json;
using CrmPlatform.Contracts;
using MassTransit;
using Polly;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What the service publishes, and under which contract name.</summary>
public sealed class Outgoing(string context, Func<RecordedEvent, OutgoingFact?> translate)
{
    public string Context => context;

    /// <summary>The domain events that may be published.</summary>
    public IReadOnlySet<Type>? Handles { get; internal set; }

    /// <summary>The fact to publish for a domain event, or null if it is not published.</summary>
    public (OutgoingFact Fact, ContractName Contract)? Of(RecordedEvent e) =>
        translate(e) is { } fact ? (fact, ContractCatalogue.Of(context, fact.Contract.GetType())) : null;
}

/// <summary>
/// Publishes facts from the event log, which serves as the outbox: reads it in order and sends packets of facts to the other services.
/// Delivery is at least once: after a crash a page is sent again, and the listeners' inboxes ignore the duplicates.
/// </summary>
public sealed class Feed(Outgoing outgoing, IBus bus, Broker broker) : ISubscription
{
    const int PacketSize = 200;

    /// <summary>
    /// Timeout for sending a page. It must be longer than the client's own timeout for a reply of the broker (<see cref="AnswersWithin"/>):
    /// a call that is cancelled from outside leaves its late reply in the channel, each later call then reads the reply of the one before
    /// it, and the feed would retry on that channel for ever.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30),
        AnswersWithin = TimeSpan.FromSeconds(10);

    readonly ResiliencePipeline patience = new ResiliencePipelineBuilder().AddTimeout(Patience).Build();
    bool ready;

    public string Name => "feed";
    public IReadOnlySet<Type>? Handles => outgoing.Handles;

    /// <summary>A short pause between pages, so that under load a packet carries more facts.</summary>
    public TimeSpan Rest => TimeSpan.FromMilliseconds(4);

    public Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct) => Send(page, ContextMap.Audience, ct);

    /// <summary>Sends the facts of these events to the listeners that <paramref name="audience"/> returns for each contract.</summary>
    public async Task Send(IReadOnlyList<RecordedEvent> page, Func<ContractName, IReadOnlyList<string>> audience, CancellationToken ct)
    {
        if (!ready)
        {
            await using var channel = await broker.Open(null, ct);
            ready = true;
        }
        var facts =
            from e in page
            let published = outgoing.Of(e)
            where published is not null
            let contract = published.Value.Contract
            let listeners = audience(contract)
            where listeners.Count > 0
            let fact = new Fact(
                Contract: contract.Name,
                EventId: e.Id,
                Subject: published.Value.Fact.Subject,
                Version: e.Version,
                OccurredAt: published.Value.Fact.OccurredAt,
                RecordedAt: e.RecordedAt,
                Correlation: e.Metadata.Correlation,
                TraceParent: e.Metadata.TraceParent,
                Data: JsonSerializer.SerializeToElement(published.Value.Fact.Contract, EventStoreOptions.Json)
            )
            group (Fact: fact, Audience: listeners) by Partition.Of(fact.Subject);
        await patience.ExecuteAsync(
            async token => await Task.WhenAll(facts.Select(partition => Send(partition.Key, partition, token))),
            ct
        );
    }

    /// <summary>
    /// A packet goes to every service that hears at least one of its facts; a service ignores the others. Splitting it by listener would
    /// break the order or need more packets.
    /// </summary>
    async Task Send(int partition, IEnumerable<(Fact Fact, IReadOnlyList<string> Audience)> facts, CancellationToken ct)
    {
        var exchange = await bus.GetSendEndpoint(new($"exchange:{Topology.Facts}?type=topic"));
        foreach (var chunk in facts.Chunk(PacketSize))
            await exchange.Send(
                new FactPacket(outgoing.Context, partition, [.. chunk.Select(f => f.Fact)]),
                send =>
                {
                    send.SetRoutingKey(
                        Topology.RoutingKey(
                            outgoing.Context,
                            partition,
                            chunk.SelectMany(f => f.Audience).Distinct().Order(StringComparer.Ordinal)
                        )
                    );
                    // If no queue is bound, the facts would be lost: with mandatory the broker returns the packet and the feed stops there.
                    if (send.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                        (rabbit.Mandatory, rabbit.BasicProperties.UserId) = (true, broker.User);
                },
                ct
            );
    }
}
