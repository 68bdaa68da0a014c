using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Ids derived from names (UUID version 5, RFC 9562 section 5.5): the same name gives the same id. Never derive one from personal data.
/// </summary>
public static class NameId
{
    static readonly Guid platform = new("6f1b5d0e-3c0b-5a7e-9a43-51d1c2a0f8b7");

    /// <param name="parts">The natural key, part by part; each is prefixed with its length, so ("ab","c") is not ("a","bc").</param>
    public static Guid For(params ReadOnlySpan<string> parts)
    {
        var size = 16;
        foreach (var part in parts)
            size += 12 + Encoding.UTF8.GetMaxByteCount(part.Length);
        Span<byte> input = size <= 512 ? stackalloc byte[size] : new byte[size];
        platform.TryWriteBytes(input, bigEndian: true, out var length);
        foreach (var part in parts)
        {
            part.Length.TryFormat(input[length..], out var digits, provider: CultureInfo.InvariantCulture);
            input[length + digits] = (byte)':';
            length += digits + 1;
            length += Encoding.UTF8.GetBytes(part, input[length..]);
        }
        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // RFC 9562 names SHA-1; this is an identifier, not a secret
        SHA1.HashData(input[..length], hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash[..16], bigEndian: true);
    }
}
