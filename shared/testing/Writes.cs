using CrmPlatform.EventSourcing;

namespace CrmPlatform.Testing;

/// <summary>Writes to the event store outside of an HTTP request.</summary>
public static class Writes
{
    /// <param name="alongside">Adds statements that commit with it.</param>
    public static Task<WriteResult> Write(this EventStore store, Write write, long? ifMatch = null, Action<SqlBatch>? alongside = null) =>
        store.Write(
            new Request(TimeProvider.System) { IfMatch = ifMatch, Key = alongside is null ? null : (_, sql) => alongside(sql) },
            write
        );

    /// <param name="once">Id of the message that caused the write, for deduplication.</param>
    public static Task<WriteResult> Write<TState, TEvent>(
        this EventStore store,
        Stream<TState, TEvent> stream,
        Func<TState, TEvent[]> decide,
        long? ifMatch = null,
        Guid? once = null,
        Action<SqlBatch>? alongside = null
    ) => store.Write(EventSourcing.Write.To(stream, decide).ButOnce(once), ifMatch, alongside);
}
