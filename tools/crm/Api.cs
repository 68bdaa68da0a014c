using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmPlatform.Crm;

/// <summary>The platform as any client sees it: through the gateway, with a token.</summary>
public sealed class Api : IDisposable
{
    private readonly HttpClient _http;

    private Api(HttpClient http) => _http = http;

    public static async Task<Api> As(Client client, Instance instance, Secrets secrets, CancellationToken ct)
    {
        var http = new HttpClient { BaseAddress = instance.Called, Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Token(client, instance, secrets, ct));
        return new(http);
    }

    /// <summary>OAuth client credentials, as an internal app asks for them.</summary>
    public static async Task<string> Token(Client client, Instance instance, Secrets secrets, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = instance.Called };
        var (id, secret) = Credentials(client, secrets);
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", id),
            new("client_secret", secret),
        ]);
        using var answer = await Answered(() => http.PostAsync("/connect/token", form, ct));
        return (await Body(answer, ct))!["access_token"]!.GetValue<string>();
    }

    /// <summary>Of a client of this installation; elsewhere, and where they are given, those of the environment.</summary>
    private static (string Id, string Secret) Credentials(Client client, Secrets secrets)
    {
        var (id, secret) = (Environment.GetEnvironmentVariable("CRM_CLIENT_ID"), Environment.GetEnvironmentVariable("CRM_CLIENT_SECRET"));
        return (id, secret) switch
        {
            ({ Length: > 0 }, { Length: > 0 }) => (id, secret),
            _ when Instance.Elsewhere is null => (client.Id, secrets.SecretOf(client)),
            _ => throw new CrmException("another installation is called by a client of its own: set CRM_CLIENT_ID and CRM_CLIENT_SECRET"),
        };
    }

    public async Task<JsonNode> Get(string path, CancellationToken ct)
    {
        using var answer = await Answered(() => _http.GetAsync(path, ct));
        return await Body(answer, ct) ?? throw new CrmException($"GET {path} answered nothing");
    }

    public Task<JsonNode?> Post(string path, object body, CancellationToken ct, string? idempotencyKey = null) =>
        Send(HttpMethod.Post, path, body, ct, idempotencyKey);

    public Task<JsonNode?> Put(string path, object body, CancellationToken ct) => Send(HttpMethod.Put, path, body, ct);

    private async Task<JsonNode?> Send(HttpMethod method, string path, object body, CancellationToken ct, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, options: JsonSerializerOptions.Web) };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await Answered(() => _http.SendAsync(request, ct));
        return await Body(answer, ct);
    }

    /// <summary>
    /// Sends rows and gives the answer's lines as they come. Few enough rows per call: the answer is read after the last one was sent.
    /// </summary>
    public async IAsyncEnumerable<JsonNode> Import(
        string path,
        IReadOnlyList<string> rows,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct,
        string mediaType = "application/x-ndjson"
    )
    {
        using var content = new StringContent(string.Join('\n', rows) + "\n", new MediaTypeHeaderValue(mediaType, "utf-8"));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        using var answer = await Answered(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct));
        if (!answer.IsSuccessStatusCode)
            await Body(answer, ct);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
        while (await lines.ReadLineAsync(ct) is { } line)
            if (line.Length > 0)
                yield return JsonNode.Parse(line)!;
    }

    private static async Task<HttpResponseMessage> Answered(Func<Task<HttpResponseMessage>> call)
    {
        try
        {
            return await call();
        }
        catch (HttpRequestException away)
        {
            throw new CrmException($"the gateway does not answer ({away.Message}); ./crm status tells more", away);
        }
    }

    private static async Task<JsonNode?> Body(HttpResponseMessage answer, CancellationToken ct)
    {
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (!answer.IsSuccessStatusCode)
            throw new CrmException(
                $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.AbsolutePath} "
                    + $"was answered {(int)answer.StatusCode}: {Problem.Said(text)}"
            )
            {
                Status = (int)answer.StatusCode,
            };
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public void Dispose() => _http.Dispose();
}
