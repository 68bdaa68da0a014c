using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What a room declares that sends messages to customers.</summary>
public sealed partial class CrmService
{
    const string SendingClient = "sending";

    /// <summary>
    /// The room sends messages to customers: <see cref="Message.Planned"/> plans one. It keeps personal data, and forgets in its own facts
    /// whom customers forgets.
    /// </summary>
    /// <param name="values">The names of the values that the room's messages bring; its templates show these and <c>name</c>.</param>
    public CrmService Sends(params string[] values)
    {
        Aggregate<Message, IMessageEvent>("message");
        Inline<MessagesView>();
        Subscribe<SendingMetrics>();
        Due<PassMessageTime>();
        this.Settings<SendingOptions>("Sending", options => options.Fault());
        foreach (var client in new[] { SendingClient, WebhookWay.Client })
            Services
                .AddHttpClient(client, http => http.Timeout = TimeSpan.FromSeconds(15))
                .ConfigurePrimaryHttpMessageHandler(() =>
                    new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) }
                );
        Services.AddSingleton(s => MessageTemplates.Read(s.GetRequiredService<SendingOptions>(), Context, values));
        Services.AddSingleton(s =>
            WaysOut.Of(
                s.GetRequiredService<SendingOptions>(),
                s.GetRequiredService<IHttpClientFactory>(),
                s.GetRequiredService<TimeProvider>()
            )
        );
        Services.AddSingleton(s => new RoomToken(
            s.GetRequiredService<IHttpClientFactory>().CreateClient(SendingClient),
            s.GetRequiredService<SendingOptions>(),
            s.GetRequiredService<IConfiguration>(),
            s.GetRequiredService<TimeProvider>()
        ));
        Services.AddSingleton(s => new Clearances(
            s.GetRequiredService<IHttpClientFactory>().CreateClient(SendingClient),
            s.GetRequiredService<RoomToken>(),
            s.GetRequiredService<IConfiguration>()
        ));
        Services.AddSingleton<HandOver>();
        Services.AddHealthChecks().AddCheck<SendingStatus>("sending", tags: [Health.Ready]);
        Periodic<SendingStatus>();
        Periodic<SendMessages>();
        GetMessages.Map(this);
        return this;
    }
}
