namespace CrmPlatform.EventSourcing;

/// <summary>
/// What a command needs besides its own data: who sent it and why, the time, a new id, the version that the caller saw, and the idempotency
/// key.
/// </summary>
public sealed class Request(TimeProvider clock, CancellationToken cancelled = default)
{
    public CancellationToken Cancelled => cancelled;

    /// <summary>The current time: a decision that is made twice may see two different times.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The metadata of the events that the command records.</summary>
    public EventMetadata Metadata { get; init; } = EventMetadata.None;

    /// <summary>Subject of the caller's token.</summary>
    public string Actor => Metadata.Actor ?? "unknown";

    /// <summary>
    /// The id of what the command creates: derived from the idempotency key if there is one, else time-ordered (UUIDv7).
    /// </summary>
    public Guid NewId { get; init; } = Guid.CreateVersion7();

    /// <summary>
    /// The version of the first stream that the caller saw. If the stream has another one, a <see cref="StaleVersionException"/> is thrown.
    /// Zero expects a stream that does not exist yet, so nothing is loaded.
    /// </summary>
    public long? IfMatch { get; init; }

    /// <summary>
    /// Adds the row of the idempotency key to the transaction of the write, so that a repeated request gets the same answer.
    /// </summary>
    public Action<WriteResult, SqlBatch>? Key { get; set; }

    /// <summary>The id that the answer is about, if that is not the first stream.</summary>
    public Guid? Subject { get; private set; }

    /// <summary>The path of what the command creates.</summary>
    public Func<WriteResult, string?>? Location { get; private set; }

    /// <summary>The version of the subject, if that is not the version of the stream.</summary>
    public long? Version { get; private set; }

    /// <param name="version">For something that is recorded once in a stream of others and never changes.</param>
    public Request Creates(Guid id, string location, long? version = null) => Creates(id, _ => location, version);

    /// <param name="location">
    /// Called after the decision, which may assign a number that is part of the path; null if it created nothing after all.
    /// </param>
    public Request Creates(Guid id, Func<WriteResult, string?> location, long? version = null)
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
