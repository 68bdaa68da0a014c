using Npgsql;

namespace CrmPlatform.EventSourcing;

/// <summary>Keeps personal parts of facts unreadable in the log: seals them before they are written, opens them after they are read.
/// It works on the connection (and in the transaction) of the write or read: asking the pool for a second one while holding the first would dead-lock under load.</summary>
public interface IEventCipher
{
    ValueTask Seal(IReadOnlyList<object> events, NpgsqlConnection connection, CancellationToken ct);

    ValueTask Open(IReadOnlyList<object> events, NpgsqlConnection connection, CancellationToken ct);
}
