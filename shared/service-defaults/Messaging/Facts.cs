using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What a feed says of one domain event: the contract to publish, about whom, and when it happened.</summary>
/// <param name="Subject">The customer: facts of one customer stay in order. For a guest, the thing itself.</param>
public sealed record OutgoingFact(Guid Subject, object Contract, DateTimeOffset OccurredAt);

/// <summary>A published fact on its way to another service.</summary>
/// <param name="Contract">Wire name, <c>customers.purchase-recorded</c>.</param>
/// <param name="Version">Version of the event in the publisher's stream.</param>
/// <param name="Data">The contract as JSON.</param>
public sealed record Fact(
    string Contract,
    Guid EventId,
    Guid Subject,
    long Version,
    DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt,
    string? Correlation,
    string? TraceParent,
    JsonElement Data
)
{
    public string Publisher => Contract[..Contract.IndexOf('.', StringComparison.Ordinal)];
}

/// <summary>1 to 200 facts of one partition, in the order of the publisher's log.</summary>
public sealed record FactPacket(string Publisher, int Partition, IReadOnlyList<Fact> Facts);

/// <summary>What a reaction may know besides the fact itself.</summary>
public sealed record FactContext(Guid EventId, string Publisher, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt);

/// <summary>The seam for other services' facts: a pure translation into writes. It decides nothing and does no I/O.</summary>
public interface IReaction<in TFact>
{
    IEnumerable<Write> React(TFact fact, FactContext about);
}

/// <summary>Order is kept per customer: a customer is always in the same one of 8 partitions.</summary>
public static class Partition
{
    public const int Count = 8;

    /// <summary>First 4 bytes, big-endian, of SHA-256 of the id's text form, mod 8.</summary>
    public static int Of(Guid subject)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(subject.ToString("D")), hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % Count);
    }
}
