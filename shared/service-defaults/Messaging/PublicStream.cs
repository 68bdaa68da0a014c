using System.Globalization;
using System.Text.Json;
using RabbitMQ.Client;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// The analysts' stream: each public fact as plain JSON on the topic exchange <c>crm.events</c>, routing key = contract name, message id =
/// event id. In order, with publisher confirms; after a crash a page may be sent twice, so readers must deduplicate by message id.
/// </summary>
public sealed class PublicStream(Outgoing outgoing, Broker broker) : ISubscription, IAsyncDisposable
{
    static readonly CreateChannelOptions confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);
    IChannel? channel;

    public string Name => "public-stream";
    public IReadOnlySet<Type>? Handles => outgoing.Handles;
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        var messages = page.Select(e => (Event: e, Published: outgoing.Of(e)))
            .Where(m => m.Published is { Contract.Internal: false })
            .ToList();
        if (messages.Count == 0)
            return;
        if (channel is not { IsOpen: true })
            channel = await broker.Open(confirmed, ct);
        using var confirms = new Confirms(channel, await channel.GetNextPublishSequenceNumberAsync(ct), messages.Count);
        try
        {
            foreach (var (e, published) in messages)
                await channel.BasicPublishAsync(
                    Topology.Events,
                    published!.Value.Contract.Name,
                    mandatory: false,
                    Properties(e, published.Value.Fact, published.Value.Contract.Name),
                    JsonSerializer.SerializeToUtf8Bytes(published.Value.Fact.Contract, EventStoreOptions.Json),
                    ct
                );
            await confirms.All.WaitAsync(TimeSpan.FromSeconds(15), ct);
        }
        catch
        {
            // It is unknown which messages of this page have arrived; a new channel starts its delivery tags anew.
            await channel.DisposeAsync();
            channel = null;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (channel is not null)
            await channel.DisposeAsync();
    }

    BasicProperties Properties(RecordedEvent e, OutgoingFact fact, string contract) =>
        new()
        {
            UserId = broker.User,
            MessageId = e.Id.ToString(),
            Type = contract,
            ContentType = "application/json",
            ContentEncoding = "utf-8",
            DeliveryMode = DeliveryModes.Persistent,
            Timestamp = new(fact.OccurredAt.ToUnixTimeSeconds()),
            Headers = new Dictionary<string, object?>
            {
                ["occurred-at"] = fact.OccurredAt.ToString("O", CultureInfo.InvariantCulture),
                ["recorded-at"] = e.RecordedAt.ToString("O", CultureInfo.InvariantCulture),
            },
        };

    /// <summary>Completes when the broker has confirmed everything up to a delivery tag; fails when it refuses one or goes away.</summary>
    sealed class Confirms : IDisposable
    {
        readonly IChannel channel;
        readonly ulong end;
        readonly SortedSet<ulong> open = [];
        readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong next;

        public Confirms(IChannel channel, ulong first, int count)
        {
            (this.channel, next, end) = (channel, first, first + (ulong)count);
            channel.BasicAcksAsync += Acked;
            channel.BasicNacksAsync += Nacked;
            channel.ChannelShutdownAsync += Closed;
        }

        public Task All => all.Task;

        public void Dispose()
        {
            channel.BasicAcksAsync -= Acked;
            channel.BasicNacksAsync -= Nacked;
            channel.ChannelShutdownAsync -= Closed;
        }

        Task Acked(object sender, RabbitMQ.Client.Events.BasicAckEventArgs ack)
        {
            lock (open)
            {
                if (ack.Multiple)
                {
                    next = Math.Max(next, ack.DeliveryTag + 1);
                    open.RemoveWhere(tag => tag < next);
                }
                else
                    open.Add(ack.DeliveryTag);
                while (open.Remove(next))
                    next++;
                if (next >= end)
                    all.TrySetResult();
            }
            return Task.CompletedTask;
        }

        Task Nacked(object sender, RabbitMQ.Client.Events.BasicNackEventArgs nack)
        {
            all.TrySetException(new IOException("the broker refused a message of the public stream"));
            return Task.CompletedTask;
        }

        Task Closed(object sender, RabbitMQ.Client.Events.ShutdownEventArgs reason)
        {
            all.TrySetException(new IOException("the channel of the public stream was closed: " + reason.ReplyText));
            return Task.CompletedTask;
        }
    }
}
