namespace CrmPlatform.EventSourcing;

/// <summary>
/// What the surroundings (an HTTP request, a message) add to every write made inside them: metadata, and statements that must
/// commit with the first write, such as the row of an idempotency key.
/// </summary>
public sealed class WriteScope : IDisposable
{
    static readonly AsyncLocal<WriteScope?> current = new();
    readonly WriteScope? outer = current.Value;

    public WriteScope(EventMetadata metadata)
    {
        Metadata = metadata;
        current.Value = this;
    }

    public static WriteScope? Current => current.Value;

    public EventMetadata Metadata { get; }

    /// <summary>Adds statements to the transaction of the next write; used once. Set before the write, cleared by it.</summary>
    public Action<IReadOnlyList<WriteResult>, SqlBatch>? Alongside { get; set; }

    public void Dispose() => current.Value = outer;
}
