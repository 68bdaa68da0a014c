namespace CrmPlatform.ServiceDefaults;

/// <summary>How messages of a channel leave the room.</summary>
public interface IWayOut
{
    /// <summary>Hands a message over, and says what came of it. An outcome that nobody can know is in doubt, never deferred.</summary>
    Task<SendOutcome> Send(OutgoingMessage message);
}

/// <summary>The way out of each channel.</summary>
public sealed class WaysOut(IReadOnlyDictionary<string, IWayOut> ways)
{
    /// <summary>Null for a channel without one.</summary>
    public IWayOut? Of(string channel) => ways.GetValueOrDefault(channel);

    internal static WaysOut Of(SendingOptions options, IHttpClientFactory http, TimeProvider clock) =>
        new(
            options.Channels.ToDictionary(
                c => c.Key,
                c =>
                    c.Value.Way switch
                    {
                        "file" => new FileWay(c.Value, clock),
                        "smtp" => new SmtpWay(c.Value, clock),
                        _ => (IWayOut)new WebhookWay(c.Value, http.CreateClient(WebhookWay.Client), clock),
                    }
            )
        );
}
