using Microsoft.Extensions.Configuration;
using Polly;
using Polly.Retry;
using RabbitMQ.Client;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// The connection to RabbitMQ for the topology and the public stream. It is opened at first use and reopened after it was lost.
/// </summary>
public sealed class Broker(IConfiguration configuration) : IAsyncDisposable
{
    readonly SemaphoreSlim gate = new(1);
    readonly ResiliencePipeline quickRetry = new ResiliencePipelineBuilder()
        .AddRetry(
            new RetryStrategyOptions
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(100),
                BackoffType = DelayBackoffType.Exponential,
            }
        )
        .AddTimeout(TimeSpan.FromSeconds(20))
        .Build();
    IConnection? connection;
    bool declared;

    /// <summary>
    /// How often both sides say that they are there. After two silent ones the broker gives the queues of a frozen process to another.
    /// </summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    /// <exception cref="SettingException">The address is missing or none.</exception>
    public static Uri Address(IConfiguration configuration) =>
        configuration.Address("ConnectionStrings:RabbitMq", "amqp://user:password@host:5672/crm", required: true, "amqp", "amqps")!;

    /// <exception cref="SettingException">It is no whole number.</exception>
    public static long SegmentBytes(IConfiguration configuration) => configuration.Whole("PublicStream:SegmentBytes", 50_000_000, 1_000);

    /// <summary>As whom this service signs in: messages say it, and the broker compares it.</summary>
    public string User => BrokerUser.Of(Address(configuration)).Name;

    /// <summary>Opens a new channel, after the topology has been declared.</summary>
    public async Task<IChannel> Open(CreateChannelOptions? options, CancellationToken ct) =>
        await quickRetry.ExecuteAsync(
            async token =>
            {
                await gate.WaitAsync(token);
                try
                {
                    if (connection is not { IsOpen: true })
                    {
                        if (connection is not null)
                            await connection.DisposeAsync();
                        declared = false;
                        var factory = new ConnectionFactory
                        {
                            Uri = Address(configuration),
                            AutomaticRecoveryEnabled = false,
                            RequestedHeartbeat = Heartbeat,
                            ClientProvidedName = configuration["Context"],
                        };
                        connection = await factory.CreateConnectionAsync(token);
                    }
                    if (!declared)
                    {
                        await using var channel = await connection.CreateChannelAsync(cancellationToken: token);
                        // A room's own user may not declare the queues of others: the migration has.
                        if (BrokerUser.IsOwn(configuration))
                            await Topology.Check(channel, token);
                        else
                            await Topology.Declare(channel, SegmentBytes(configuration), token);
                        declared = true;
                    }
                    return await connection.CreateChannelAsync(options, token);
                }
                finally
                {
                    gate.Release();
                }
            },
            ct
        );

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
            await connection.DisposeAsync();
        gate.Dispose();
    }
}
