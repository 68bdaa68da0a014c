namespace CrmPlatform.EventSourcing;

/// <summary>Keeps personal parts of facts unreadable in the log: seals them before they are written, opens them after they are read.</summary>
public interface IEventCipher
{
    ValueTask Seal(IReadOnlyList<object> events, CancellationToken ct);

    ValueTask Open(IReadOnlyList<object> events, CancellationToken ct);
}
