namespace CrmPlatform.EventSourcing;

/// <summary>
/// Notifies other processes on this log of commits, and is notified by them. NOTIFY runs outside the write transactions (inside, commits
/// would queue behind a global lock), once for all commits since the last one. When the connection is lost, followers poll until it is
/// back.
/// <para>Each process also sends a notification every second as a sign of life. A process that has received none for three seconds assumes
/// that it is alone and does not notify of its commits: a notification costs as much as a small append.</para>
/// </summary>
sealed class Notifications(NpgsqlDataSource db, EventStore store, ILogger log)
{
    const string Channel = "crm_log";
    const int SentWithoutPause = 4;
    static readonly TimeSpan heartbeat = TimeSpan.FromSeconds(1),
        aloneAfter = TimeSpan.FromSeconds(3);
    readonly string self = Guid.CreateVersion7().ToString("N");
    readonly WakeUp othersSeen = new();
    long heard = Stopwatch.GetTimestamp();

    public Task Run(CancellationToken ct) => Task.WhenAll(Forever(Listen, ct), Forever(Tell, ct));

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
                log.LogWarning("Lost the connection for notifications; followers poll until it is back: {Error}", e.Message);
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
            Volatile.Write(ref heard, Stopwatch.GetTimestamp());
            othersSeen.Signal();
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
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref heard)) > aloneAfter)
            {
                await othersSeen.Wait(seen, heartbeat, ct);
                continue;
            }
            inARow = store.Committed.Signals == told ? 0 : inARow + 1;
            // Even the shortest delay lasts until the next tick of the system's clock, about 4 ms. So it is made only under constant load,
            // where the commits of that time then share one notification.
            if (inARow == SentWithoutPause)
            {
                await Task.Delay(1, ct);
                inARow = 0;
            }
            await store.Committed.Wait(told, heartbeat, ct);
        }
    }
}
