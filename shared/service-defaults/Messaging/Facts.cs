using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What the feed publishes for one domain event: the contract, the customer that it is about, and when it happened.</summary>
/// <param name="Subject">The customer id; facts of one customer stay in order. For a guest, who has no customer id, the id of the
/// purchase.</param>
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

/// <summary>What a reaction is told besides the fact itself.</summary>
public sealed record FactContext(Guid EventId, string Publisher, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt);

/// <summary>Translates another service's fact into writes. It is pure: it decides nothing and does no I/O.</summary>
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
