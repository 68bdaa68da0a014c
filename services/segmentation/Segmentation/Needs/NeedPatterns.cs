using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>How many customers have each count, and a fingerprint of who has which, in whatever order they come.</summary>
public sealed class NeedPatterns
{
    readonly Dictionary<NeedCount, int> counts = [];
    ulong one,
        other;

    public IReadOnlyDictionary<NeedCount, int> Counts => counts;

    /// <summary>Those with an order.</summary>
    public int Customers { get; private set; }

    public string Fingerprint => string.Create(CultureInfo.InvariantCulture, $"{Customers}-{one:x16}{other:x16}");

    public void Add(Guid customer, NeedCount count)
    {
        if (count.Orders == 0)
            return;
        Customers++;
        CollectionsMarshal.GetValueRefOrAddDefault(counts, count, out _)++;
        Span<byte> id = stackalloc byte[16];
        customer.TryWriteBytes(id);
        var (low, high) = (BinaryPrimitives.ReadUInt64LittleEndian(id), BinaryPrimitives.ReadUInt64LittleEndian(id[8..]));
        var numbers = ((ulong)count.Orders << 32) | (uint)count.Counted;
        // Sums do not depend on the order.
        one += Mixed(Mixed(Mixed(low) ^ high) ^ numbers);
        other += Mixed(Mixed(Mixed(high) + low) + numbers);
    }

    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    static ulong Mixed(ulong x)
    {
        x += 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
