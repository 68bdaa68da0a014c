using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace CrmPlatform.Gateway.Tokens;

/// <summary>The id and secret that a token request carries (RFC 6749, 2.3.1).</summary>
public sealed record ClientCredentials(string Id, string Secret)
{
    /// <exception cref="TokenRefusedException">None, two ways at once, or an unreadable header.</exception>
    public static ClientCredentials Of(string? authorization, string? id, string? secret)
    {
        if (authorization is null)
            return id is not null && secret is not null ? new(id, secret) : throw TokenRefusedException.InvalidClient;
        if (secret is not null)
            throw TokenRefusedException.InvalidRequest("use one way to authenticate, not two");
        if (
            !AuthenticationHeaderValue.TryParse(authorization, out var header)
            || !"Basic".Equals(header.Scheme, StringComparison.OrdinalIgnoreCase)
        )
            throw TokenRefusedException.InvalidClient;
        var bytes = new byte[(header.Parameter?.Length ?? 0) + 1];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var length))
            throw TokenRefusedException.InvalidClient;
        var pair = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return pair.Length == 2 ? new(Decode(pair[0]), Decode(pair[1])) : throw TokenRefusedException.InvalidClient;
    }

    /// <summary>The client that these belong to. An unknown id costs the same comparison as a wrong secret.</summary>
    public Client Authenticate(IReadOnlyList<Client> clients)
    {
        var client = clients.FirstOrDefault(c => c.Id == Id);
        var right = CryptographicOperations.FixedTimeEquals(Digest(client?.Secret ?? ""), Digest(Secret));
        return right && client is not null ? client : throw TokenRefusedException.InvalidClient;
    }

    static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

/// <summary>The token endpoint says no, in the words of RFC 6749, 5.2.</summary>
public sealed class TokenRefusedException(int status, string error, string description) : Exception(description)
{
    public int Status { get; } = status;
    public string Error { get; } = error;

    public static TokenRefusedException InvalidClient => new(401, "invalid_client", "unknown client or wrong secret");

    public static TokenRefusedException InvalidRequest(string description) => new(400, "invalid_request", description);
}
