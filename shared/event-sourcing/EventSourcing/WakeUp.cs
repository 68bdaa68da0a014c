namespace CrmPlatform.EventSourcing;

/// <summary>Wakes whoever follows the log. A signal that comes before the wait is not lost: waiters compare counts.</summary>
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

    /// <summary>Returns at the first signal after the <paramref name="seen"/>-th, or when the time is over.</summary>
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
