using CrmPlatform.Contracts;
using RabbitMQ.Client;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// The exchanges and queues on the broker. A publisher declares the queues of all its listeners, so that facts sent before a listener is
/// started for the first time wait for it. Names and arguments must equal those with which MassTransit declares the same queues, or the
/// broker refuses the second declaration.
/// </summary>
public static class Topology
{
    public const string Facts = "crm.facts";
    public const string Events = "crm.events";
    public const string Stream = "crm.events.stream";

    /// <summary>
    /// How often a packet may be redelivered before the broker drops it. No outage comes near it, since the consumer retries by itself.
    /// </summary>
    public const int DeliveryLimit = 1_000_000;

    /// <summary>Publisher, partition and listeners: <c>customers.p3.segmentation.loyalty</c>.</summary>
    public static string RoutingKey(string publisher, int partition, IEnumerable<string> audience) =>
        $"{publisher}.p{partition}.{string.Join('.', audience)}";

    public static string Queue(string listener, int partition) => $"{listener}.p{partition}";

    /// <summary>The routing keys that a listener's queue is bound to.</summary>
    public static IEnumerable<string> Bindings(string listener, int partition) =>
        ContextMap.Heard(listener).Select(publisher => $"{publisher}.p{partition}.#.{listener}.#");

    /// <summary>Whether the queues of all listeners are there, so that no fact is lost for one of them.</summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.OperationInterruptedException">One is missing: the migration declares them.</exception>
    public static async Task Check(IChannel channel, CancellationToken ct)
    {
        foreach (var listener in ContextMap.Contexts)
            for (var k = 0; k < Partition.Count; k++)
                await channel.QueueDeclarePassiveAsync(Queue(listener, k), ct);
    }

    public static async Task Declare(IChannel channel, long streamSegmentBytes, CancellationToken ct)
    {
        await channel.ExchangeDeclareAsync(Facts, ExchangeType.Topic, durable: true, cancellationToken: ct);
        foreach (var listener in ContextMap.Contexts)
            for (var k = 0; k < Partition.Count; k++)
            {
                var queue = Queue(listener, k);
                await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: ct);
                await channel.QueueDeclareAsync(
                    queue,
                    durable: true,
                    exclusive: false,
                    autoDelete: false,
                    cancellationToken: ct,
                    arguments: new Dictionary<string, object?>
                    {
                        ["x-queue-type"] = "quorum",
                        ["x-single-active-consumer"] = true,
                        ["x-delivery-limit"] = DeliveryLimit,
                    }
                );
                await channel.QueueBindAsync(queue, queue, "", cancellationToken: ct);
                foreach (var key in Bindings(listener, k))
                    await channel.ExchangeBindAsync(queue, Facts, key, cancellationToken: ct);
            }
        await channel.ExchangeDeclareAsync(Events, ExchangeType.Topic, durable: true, cancellationToken: ct);
        await channel.QueueDeclareAsync(
            Stream,
            durable: true,
            exclusive: false,
            autoDelete: false,
            cancellationToken: ct,
            arguments: new Dictionary<string, object?>
            {
                ["x-queue-type"] = "stream",
                ["x-stream-max-segment-size-bytes"] = streamSegmentBytes,
            }
        );
        await channel.QueueBindAsync(Stream, Events, "#", cancellationToken: ct);
    }
}
