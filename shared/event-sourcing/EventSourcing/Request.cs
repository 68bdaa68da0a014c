namespace CrmPlatform.EventSourcing;

/// <summary>
/// What a command needs besides its own words: who asks and why, the time, a new id, the version that the caller saw, and the key that
/// makes it safe to ask again.
/// </summary>
public sealed class Request(TimeProvider clock, CancellationToken cancelled = default)
{
    public CancellationToken Cancelled => cancelled;

    /// <summary>The instant at which it is asked: a decision that runs twice may get two.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Correlation, actor and trace of the events that it records.</summary>
    public EventMetadata Metadata { get; init; } = EventMetadata.None;

    /// <summary>Subject of the token that asks for it.</summary>
    public string Actor => Metadata.Actor ?? "unknown";

    /// <summary>
    /// The id of what a command creates: derived from the idempotency key where there is one, else time-ordered (UUIDv7).
    /// </summary>
    public Guid NewId { get; init; } = Guid.CreateVersion7();

    /// <summary>
    /// The version of the first stream that the caller saw; another one is a <see cref="StaleVersionException"/>. Zero is a stream that is
    /// not there yet: nothing is loaded.
    /// </summary>
    public long? IfMatch { get; init; }

    /// <summary>
    /// Adds the row of the idempotency key to the transaction of the write that it belongs to: the row proves what was answered.
    /// </summary>
    public Action<WriteResult, SqlBatch>? Key { get; set; }

    /// <summary>What the answer names, where that is not the first stream.</summary>
    public Guid? Subject { get; private set; }

    /// <summary>Where the thing that it creates will be found.</summary>
    public Func<WriteResult, string>? Location { get; private set; }

    /// <summary>The version of the subject, where that is not the stream's.</summary>
    public long? Version { get; private set; }

    /// <param name="version">Of what is only noted in its stream, and never changes.</param>
    public Request Creates(Guid id, string location, long? version = null) => Creates(id, _ => location, version);

    /// <param name="location">Asked after the decision, when numbers have been given.</param>
    public Request Creates(Guid id, Func<WriteResult, string> location, long? version = null)
    {
        (Subject, Location, Version) = (id, location, version);
        return this;
    }

    public Request Concerns(Guid id)
    {
        Subject = id;
        return this;
    }
}
