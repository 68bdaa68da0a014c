using System.Globalization;
using System.Net;
using System.Text.Json;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Posts messages to an address, signed as Standard Webhooks say. <c>webhook-id</c> is the message's id at every attempt: the receiver
/// takes each id once.
/// </summary>
sealed class WebhookWay(ChannelOptions options, HttpClient http, TimeProvider clock) : IWayOut
{
    public const string Client = "sending-webhook";

    public static object Body(OutgoingMessage message, DateTimeOffset now) =>
        new
        {
            type = "message.send",
            timestamp = now,
            data = new
            {
                message.Id,
                message.Channel,
                message.Purpose,
                message.Template,
                message.Language,
                To = message.Address,
                message.Name,
                message.Subject,
                message.Text,
                message.Html,
            },
        };

    public async Task<SendOutcome> Send(OutgoingMessage message)
    {
        var (now, id) = (clock.GetUtcNow(), message.Id.ToString());
        var body = JsonSerializer.SerializeToUtf8Bytes(Body(message, now), EventStoreOptions.Json);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Address)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(options.Key, id, now.ToUnixTimeSeconds(), body));
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return Outcome(answer.StatusCode);
        }
        catch (HttpRequestException e)
            when (e.HttpRequestError
                    is HttpRequestError.ConnectionError
                        or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError
            )
        {
            return SendOutcome.Deferred("unreachable");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return SendOutcome.InDoubt;
        }
    }

    static SendOutcome Outcome(HttpStatusCode status)
    {
        var why = string.Create(CultureInfo.InvariantCulture, $"http-{(int)status}");
        return (int)status is >= 200 and < 300 ? SendOutcome.Accepted
            : (int)status is 408 or 425 or 429 or >= 500 ? SendOutcome.Deferred(why)
            : SendOutcome.Refused(why);
    }
}
