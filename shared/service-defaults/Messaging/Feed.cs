using System.Text.Json;
using CrmPlatform.Contracts;
using MassTransit;
using Polly;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What the service publishes, and under which name.</summary>
public sealed class Outgoing(string context, Func<RecordedEvent, OutgoingFact?> translate)
{
    public string Context => context;

    /// <summary>The domain events that may mean something for others.</summary>
    public IReadOnlySet<Type>? Handles { get; internal set; }

    /// <summary>The fact that a domain event means for others, or null for a private one.</summary>
    public (OutgoingFact Fact, ContractName Contract)? Of(RecordedEvent e) =>
        translate(e) is { } fact ? (fact, ContractCatalogue.Of(context, fact.Contract.GetType())) : null;
}

/// <summary>
/// The log is the outbox: follows it in order and sends packets of facts to the other services, awaited per partition. At least once: after
/// a crash a page is sent again, and the listeners' inboxes absorb it.
/// </summary>
public sealed class Feed(Outgoing outgoing, IBus bus, Broker broker) : ISubscription
{
    const int PacketSize = 200;

    /// <summary>
    /// Longer than the client's own limit for an answer of the broker (<see cref="AnswersWithin"/>): a question that is cancelled from
    /// outside leaves its channel one answer behind for good, and the feed would ask on it for ever.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30),
        AnswersWithin = TimeSpan.FromSeconds(10);

    readonly ResiliencePipeline patience = new ResiliencePipelineBuilder().AddTimeout(Patience).Build();
    bool ready;

    public string Name => "feed";
    public IReadOnlySet<Type>? Handles => outgoing.Handles;

    /// <summary>Under load more facts travel in one packet.</summary>
    public TimeSpan Rest => TimeSpan.FromMilliseconds(4);

    public Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct) => Send(page, ContextMap.Audience, ct);

    /// <summary>Sends the facts that these events mean to whom <paramref name="audience"/> names for their contracts.</summary>
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
    /// A packet goes to whoever hears one of its facts; the others in it mean nothing to them. Splitting it would cost the order or more
    /// packets.
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
                    // Nobody listening would mean lost facts: the broker gives such a packet back and the feed stops there.
                    if (send.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                        rabbit.Mandatory = true;
                },
                ct
            );
    }
}
