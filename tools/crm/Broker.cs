using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace CrmPlatform.Crm;

/// <summary>The broker's management address: the analysts' user, the depth of the queues, an empty virtual host after a restore.</summary>
public sealed class Broker : IDisposable
{
    public const string AnalystUser = "crm-analyst";

    /// <summary>The queue that holds every public fact since the first one, and the exchange that feeds it.</summary>
    public const string Stream = "crm.events.stream";

    /// <summary>What the analysts' user may read; it may configure and write nothing.</summary>
    public const string AnalystReads = @"^crm\.events\.stream$";

    private readonly HttpClient _http;
    private readonly Uri _amqp;

    private Broker(Uri management, Uri amqp)
    {
        _amqp = amqp;
        _http = new HttpClient
        {
            BaseAddress = new(
                management.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/"
            ),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(management.UserInfo)))
        );
    }

    private string Vhost => _amqp.AbsolutePath.Length > 1 ? _amqp.AbsolutePath[1..] : "%2F";

    /// <summary>Null when the management address is not known.</summary>
    public static Broker? Of(Instance instance) =>
        instance.RabbitMqHttp is { } management ? new(management, new Uri(instance.RabbitMq)) : null;

    /// <summary>A user that may read the public stream and nothing else.</summary>
    public async Task EnsureAnalyst(Secrets secrets, CancellationToken ct)
    {
        await Put($"api/users/{AnalystUser}", new { password = secrets.PasswordOf(AnalystUser), tags = "" }, ct);
        await Put(
            $"api/permissions/{Vhost}/{AnalystUser}",
            new
            {
                configure = "^$",
                write = "^$",
                read = AnalystReads,
            },
            ct
        );
    }

    public string AnalystAddress(Secrets secrets) =>
        $"amqp://{AnalystUser}:{secrets.PasswordOf(AnalystUser)}@{_amqp.Host}:{_amqp.Port}/{Vhost}";

    /// <summary>
    /// Messages that wait or are being worked on, in all queues that pass facts between contexts. The broker counts anew every 5 seconds.
    /// </summary>
    public async Task<long> Waiting(CancellationToken ct)
    {
        var queues = await _http.GetFromJsonAsync<JsonArray>($"api/queues/{Vhost}?columns=name,type,messages", ct);
        return queues!
            .Where(queue => queue!["type"]?.GetValue<string>() != "stream")
            .Sum(queue => queue!["messages"]?.GetValue<long>() ?? 0);
    }

    /// <summary>Facts in the queues of a log that was replaced are facts of nothing: all of them go.</summary>
    public async Task Empty(CancellationToken ct)
    {
        using (var gone = await _http.DeleteAsync(new Uri($"api/vhosts/{Vhost}", UriKind.Relative), ct))
            gone.EnsureSuccessStatusCode();
        await Put($"api/vhosts/{Vhost}", new { }, ct);
        await Put(
            $"api/permissions/{Vhost}/{_amqp.UserInfo.Split(':')[0]}",
            new
            {
                configure = ".*",
                write = ".*",
                read = ".*",
            },
            ct
        );
    }

    private async Task Put(string path, object body, CancellationToken ct)
    {
        using var answer = await _http.PutAsJsonAsync(path, body, ct);
        if (!answer.IsSuccessStatusCode)
            throw new CrmException($"RabbitMQ answered {(int)answer.StatusCode} to PUT {path}");
    }

    public void Dispose() => _http.Dispose();
}
