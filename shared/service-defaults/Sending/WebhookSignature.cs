using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The signature of Standard Webhooks: HMAC-SHA-256 of <c>id.timestamp.body</c>, in base64 after <c>v1,</c>.</summary>
public static class WebhookSignature
{
    /// <param name="timestamp">Seconds since 1970.</param>
    public static string Of(ReadOnlySpan<byte> key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }
}
