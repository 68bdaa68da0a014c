using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CrmPlatform.Segmentation.Rules;

/// <summary>Shares out customers by chance, and always alike.</summary>
public static class Buckets
{
    public const int Count = 10_000;

    /// <summary>The first four bytes, big-endian, of SHA-256 of <c>salt|id</c>, modulo 10,000.</summary>
    public static int Of(string salt, Guid customer)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}|{customer:D}"), hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % Count);
    }
}
