using System.Buffers.Binary;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>Which orders count: of business days, and as far as the log had told by an event.</summary>
/// <param name="Until">Orders and returns before this instant.</param>
/// <param name="Through">Number of the last event.</param>
public readonly record struct NeedWindow(DateTimeOffset From, DateTimeOffset Until, long Through)
{
    public const int Days = 365;

    /// <summary>The 365 business days up to and including one.</summary>
    public static NeedWindow Of(DateOnly asOf, Business business, long through) =>
        new(
            asOf.DayNumber < Days ? Customers.Population.Always : business.StartOf(asOf.AddDays(1 - Days)),
            business.StartOf(asOf.AddDays(1)),
            through
        );
}

/// <summary>
/// The orders of a customer as bytes that are only ever appended to: of an order its id, instant, number of its event and whether a line
/// was discounted; of one that was wholly returned or retracted its id, when, and the number of that event.
/// </summary>
static class NeedOrders
{
    const int Left = 16 + 8 + 8,
        Discounted = Left,
        Order = Left + 1;

    public static void Add(List<byte> orders, Guid id, DateTimeOffset at, long sequence, bool discounted)
    {
        Head(orders, id, at, sequence);
        orders.Add(discounted ? (byte)1 : (byte)0);
    }

    /// <param name="at">Null for an order that was never made.</param>
    public static void Leave(List<byte> left, Guid id, DateTimeOffset? at, long sequence) =>
        Head(left, id, at ?? DateTimeOffset.UnixEpoch, sequence);

    static void Head(List<byte> to, Guid id, DateTimeOffset at, long sequence)
    {
        Span<byte> bytes = stackalloc byte[Left];
        id.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], at.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], sequence);
        to.AddRange(bytes);
    }

    public static NeedCount Count(ReadOnlySpan<byte> orders, ReadOnlySpan<byte> left, NeedWindow window)
    {
        var (from, until, n, k) = (window.From.UtcTicks, window.Until.UtcTicks, 0, 0);
        for (; orders.Length > 0; orders = orders[Order..])
            if (Counts(orders, left, from, until, window.Through))
            {
                n++;
                k += orders[Discounted];
            }
        return new(n, k);
    }

    /// <summary>The orders that show the need, with their instants.</summary>
    public static IEnumerable<(Guid Id, DateTimeOffset At)> Shown(byte[] orders, byte[] left, NeedWindow window)
    {
        for (var i = 0; i < orders.Length; i += Order)
            if (orders[i + Discounted] == 1 && Counts(orders.AsSpan(i), left, window.From.UtcTicks, window.Until.UtcTicks, window.Through))
                yield return (new(orders.AsSpan(i, 16)), new(BinaryPrimitives.ReadInt64LittleEndian(orders.AsSpan(i + 16)), TimeSpan.Zero));
    }

    static bool Counts(ReadOnlySpan<byte> order, ReadOnlySpan<byte> left, long from, long until, long through)
    {
        var at = BinaryPrimitives.ReadInt64LittleEndian(order[16..]);
        if (at < from || at >= until || BinaryPrimitives.ReadInt64LittleEndian(order[24..]) > through)
            return false;
        for (; left.Length > 0; left = left[Left..])
            if (
                left[..16].SequenceEqual(order[..16])
                && BinaryPrimitives.ReadInt64LittleEndian(left[16..]) < until
                && BinaryPrimitives.ReadInt64LittleEndian(left[24..]) <= through
            )
                return false;
        return true;
    }
}
