namespace CrmPlatform.EventSourcing;

/// <summary>
/// Notifies other processes on this log of commits, and is notified by them. NOTIFY runs outside the write transactions (inside, commits
/// would queue behind a global lock), once for all commits since the last one. When the connection is lost, followers poll until it is
/// back.
/// <para>A process that has heard of no other for three seconds does not notify of its commits: a notification costs as much as a small
/// append. It hears of others by their notifications, of which each sends one when it starts, and by their leases
/// (<see cref="Leases"/>).</para>
/// </summary>
sealed class Notifications(NpgsqlDataSource db, EventStore store, ILogger log)
{
    const string Channel = "crm_log";
    const int SentWithoutPause = 4;
    static readonly TimeSpan aloneAfter = TimeSpan.FromSeconds(3);
    readonly string self = Guid.CreateVersion7().ToString("N");
    readonly WakeUp othersSeen = new();
    long heard = Stopwatch.GetTimestamp();

    bool Alone => Stopwatch.GetElapsedTime(Volatile.Read(ref heard)) > aloneAfter;

    public Task Run(CancellationToken ct) => Task.WhenAll(Forever(Listen, ct), Forever(Tell, ct));

    /// <summary>Another process runs on this log.</summary>
    public void OthersSeen()
    {
        Volatile.Write(ref heard, Stopwatch.GetTimestamp());
        othersSeen.Signal();
    }

    async Task Forever(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await work(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                log.NotificationsLost(e);
                try
                {
                    await Task.Delay(1000, ct);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    async Task Listen(CancellationToken ct)
    {
        var (connection, waiting) = (await db.OpenConnectionAsync(ct), Task.CompletedTask);
        connection.Notification += (_, n) =>
        {
            if (n.Payload == self)
                return;
            OthersSeen();
            store.Appeared.Signal();
        };
        try
        {
            await connection.Execute($"listen {Channel}", ct);
            store.Appeared.Signal();
            while (true)
                await (waiting = connection.WaitAsync(ct)).WaitAsync(ct);
        }
        finally
        {
            // Npgsql sometimes misses the cancellation (npgsql/npgsql#5975), and disposing would wait for ever. Then the connection is left
            // open until the process ends.
            await waiting.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (waiting.IsCompleted)
                await connection.DisposeAsync();
        }
    }

    async Task Tell(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        for (var inARow = 0; ; )
        {
            var (told, seen) = (store.Committed.Signals, othersSeen.Signals);
            // A lost notification does no harm, so its commit need not wait for the disk.
            await connection.Execute("select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)", ct, Channel, self);
            inARow = store.Committed.Signals == told ? 0 : inARow + 1;
            // Even the shortest delay lasts until the next tick of the system's clock, about 4 ms. So it is made only under constant load,
            // where the commits of that time then share one notification.
            if (inARow == SentWithoutPause)
            {
                await Task.Delay(1, ct);
                inARow = 0;
            }
            while (store.Committed.Signals == told && !Alone)
                await store.Committed.Wait(told, aloneAfter, ct);
            if (Alone)
                await othersSeen.Wait(seen, Timeout.InfiniteTimeSpan, ct);
        }
    }
}
