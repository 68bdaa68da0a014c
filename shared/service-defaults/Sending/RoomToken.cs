using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The token of the room's own client (RFC 6749, 4.4), kept until a minute before it ends.</summary>
sealed class RoomToken(HttpClient http, SendingOptions options, IConfiguration configuration, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan margin = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim alone = new(1);
    (string Token, DateTimeOffset Until)? kept;

    public bool IsConfigured => options.ClientId is not null;

    /// <exception cref="HttpRequestException">The gateway does not answer, or refuses the client.</exception>
    public async Task<string> Get(CancellationToken ct)
    {
        await alone.WaitAsync(ct);
        try
        {
            if (kept is not { } known || known.Until <= clock.GetUtcNow())
                kept = known = await Fetch(ct);
            return known.Token;
        }
        finally
        {
            alone.Release();
        }
    }

    public void Dispose() => alone.Dispose();

    /// <summary>It was refused: the next one is fetched.</summary>
    public void Forget() => kept = null;

    async Task<(string, DateTimeOffset)> Fetch(CancellationToken ct)
    {
        var authority = configuration.Address("Auth:Authority", "http://gateway:8080", required: true, "http", "https")!;
        var now = clock.GetUtcNow();
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", options.ClientId),
            new("client_secret", options.ClientSecret),
        ]);
        using var answer = await http.PostAsync(new Uri($"{authority.ToString().TrimEnd('/')}/connect/token"), form, ct);
        answer.EnsureSuccessStatusCode();
        var issued = await answer.Content.ReadFromJsonAsync<Issued>(ct) ?? throw new HttpRequestException("the gateway issued no token");
        return (issued.Token, now + TimeSpan.FromSeconds(issued.Seconds) - margin);
    }

    sealed class Issued
    {
        [JsonPropertyName("access_token")]
        public string Token { get; init; } = "";

        [JsonPropertyName("expires_in")]
        public int Seconds { get; init; }
    }
}
