namespace CrmPlatform.EventSourcing;

/// <summary>What one caller asked for. Its writes stand or fall together, whatever becomes of the commands that share their transaction.</summary>
sealed class Command(IReadOnlyList<Write> writes, long? expectedVersion, bool refusalsAsResults, CancellationToken ct)
{
    readonly TaskCompletionSource<IReadOnlyList<WriteResult>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Write> Writes => writes;
    public long? ExpectedVersion => expectedVersion;
    public bool RefusalsAsResults => refusalsAsResults;
    public CancellationToken Cancelled => ct;
    public WriteScope? Scope { get; } = WriteScope.Current;
    public Activity? Activity { get; } = Activity.Current;

    /// <summary>What becomes of it if its transaction commits; a refusal stands without one.</summary>
    public IReadOnlyList<WriteResult>? Results { get; set; }
    public Exception? Refusal { get; set; }

    public Task<IReadOnlyList<WriteResult>> Outcome => done.Task;

    public IEnumerable<Guid> Streams => writes.Select(w => w.StreamId);
    public IEnumerable<Guid> Messages => writes.Where(w => w.Once is not null).Select(w => w.Once!.Value);

    public void Answer()
    {
        if (Refusal is not null) done.TrySetException(Refusal);
        else done.TrySetResult(Results!);
    }

    public void Fail(Exception e) => (Results, Refusal) = (null, e);
}
