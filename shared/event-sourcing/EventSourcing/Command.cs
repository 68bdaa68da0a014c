namespace CrmPlatform.EventSourcing;

/// <summary>
/// What one caller asked for. Its writes are recorded all or none, whatever becomes of other commands in the same transaction.
/// </summary>
sealed class Command(IReadOnlyList<Write> writes, CancellationToken ct)
{
    readonly TaskCompletionSource<IReadOnlyList<WriteResult>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Write> Writes => writes;
    public long? ExpectedVersion { get; init; }
    public bool RefusalsAsResults { get; init; }
    public EventMetadata Metadata { get; init; } = EventMetadata.None;

    /// <summary>Adds statements that commit with the command's events.</summary>
    public Action<IReadOnlyList<WriteResult>, SqlBatch>? Alongside { get; init; }

    public CancellationToken Cancelled => ct;
    public Activity? Activity { get; } = Activity.Current;

    /// <summary>What the caller is answered: results once the transaction has committed, or a refusal, which needs no commit.</summary>
    public IReadOnlyList<WriteResult>? Results { get; set; }
    public Exception? Refusal { get; set; }

    public Task<IReadOnlyList<WriteResult>> Outcome => done.Task;

    /// <summary>The streams of its writes, in their order.</summary>
    public IReadOnlyList<Guid> Streams { get; } =
        writes is [{ Streams: [var one] }] ? [one.Id] : [.. writes.SelectMany(w => w.Streams, (_, s) => s.Id)];

    public IEnumerable<Guid> Messages => writes.Where(w => w.Once is not null).Select(w => w.Once!.Value);

    public void Answer()
    {
        if (Refusal is not null)
            done.TrySetException(Refusal);
        else
            done.TrySetResult(Results!);
    }

    public void Fail(Exception e) => (Results, Refusal) = (null, e);
}
