using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CrmPlatform.Segmentation.Rules;

/// <summary>
/// Facts hold 64 bits of a word's SHA-256 in place of the word: they are compared with words of rules and never shown, and no word of a
/// person's profile stands in them.
/// </summary>
public static class FactCode
{
    /// <summary>No word.</summary>
    public const ulong None = 0;

    public static ulong Of(string? word)
    {
        if (string.IsNullOrEmpty(word))
            return None;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(word), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>The same of what an id names: a purchase, a ticket.</summary>
    public static ulong Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
    }

    /// <summary>Two words that belong together, such as a purpose and a channel.</summary>
    public static ulong Of(string one, string other) => Of($"{one}\n{other}");
}
