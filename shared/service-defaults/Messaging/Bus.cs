using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Connects a service to the broker: what it sends, and the queues that it consumes.</summary>
static class Bus
{
    /// <param name="feed">Null for a service that publishes nothing.</param>
    public static void AddMessaging(
        this IServiceCollection services,
        IConfiguration configuration,
        string context,
        Reactions reactions,
        Func<RecordedEvent, OutgoingFact?>? feed,
        bool listens
    )
    {
        Broker.Address(configuration);
        Broker.SegmentBytes(configuration);
        if (feed is not null)
        {
            services.AddSingleton(new Outgoing(context, feed)).AddSingleton<Feed>().AddSingleton<PublicStream>().AddSingleton<Resend>();
            services.AddPeriodic(s => s.GetRequiredService<Resend>());
        }
        services.AddSingleton(reactions);
        services.AddSingleton<DeadLetters>().AddSingleton<OpenLetters>();
        services.AddPeriodic(s => s.GetRequiredService<OpenLetters>());
        services.AddHealthChecks().AddCheck<OpenLetters>("dead-letters", tags: [Health.Ready, Health.Lag]);
        services.AddSingleton<Broker>();
        services.AddSingleton<Turns>();
        services.AddSingleton<PacketConsumer>();
        services.TryAddSingleton<IPacketHandler, ReactionHandler>();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry(); // an installation must not report usage data to third parties
            bus.ConfigureHealthCheckOptions(o =>
            {
                (o.Name, o.MinimalFailureStatus) = ("broker", HealthStatus.Degraded);
                o.Tags.Add(Health.Ready);
            });
            bus.UsingRabbitMq(
                (provider, rabbit) =>
                {
                    rabbit.Host(
                        Broker.Address(configuration),
                        host =>
                        {
                            host.ContinuationTimeout(Feed.AnswersWithin);
                            host.Heartbeat(Broker.Heartbeat);
                        }
                    );
                    if (!listens)
                        return;
                    for (var k = 0; k < Partition.Count; k++)
                    {
                        var partition = k;
                        rabbit.ReceiveEndpoint(
                            Topology.Queue(context, partition),
                            endpoint =>
                            {
                                endpoint.SetQuorumQueue();
                                endpoint.SetQueueArgument("x-delivery-limit", Topology.DeliveryLimit);
                                (
                                    endpoint.SingleActiveConsumer,
                                    endpoint.ConcurrentMessageLimit,
                                    endpoint.PrefetchCount,
                                    endpoint.ConfigureConsumeTopology
                                ) = (true, 1, 16, false);
                                foreach (var key in Topology.Bindings(context, partition))
                                    endpoint.Bind(Topology.Facts, bind => (bind.ExchangeType, bind.RoutingKey) = ("topic", key));
                                // Without this MassTransit moves a packet that a stopping process could not finish to an error queue; it
                                // must go back to its queue.
                                endpoint.RethrowFaultedMessages();
                                endpoint.ThrowOnSkippedMessages();
                                endpoint.Consumer(() => provider.GetRequiredService<PacketConsumer>());
                            }
                        );
                    }
                }
            );
        });
        services.Configure<MassTransitHostOptions>(o => (o.WaitUntilStarted, o.StopTimeout) = (false, TimeSpan.FromSeconds(20)));
    }
}
