namespace CrmPlatform.EventSourcing;

/// <summary>An event that many can wait for. A signal before the wait is not lost: waiters compare the number of signals.</summary>
sealed class WakeUp
{
    readonly Lock gate = new();
    TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long signals;

    public long Signals => Interlocked.Read(ref signals);

    public void Signal()
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            signals++;
            (waiting, next) = (next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        waiting.TrySetResult();
    }

    /// <summary>Returns when there have been more signals than <paramref name="seen"/>, or after the given time.</summary>
    public async Task Wait(long seen, TimeSpan atMost, CancellationToken ct)
    {
        Task signal;
        lock (gate)
        {
            if (signals != seen)
                return;
            signal = next.Task;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(signal, Task.Delay(atMost, stop.Token));
        await stop.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }
}
