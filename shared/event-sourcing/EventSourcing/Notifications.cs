namespace CrmPlatform.EventSourcing;

/// <summary>
/// Tells the other processes on this log that something was committed, and hears it from them. NOTIFY runs outside of the write
/// transactions (inside, commits would queue up behind one lock) and once for all commits of the moment. When the connection is lost,
/// followers poll until it is back.
/// <para>Each process says every second that it is there. One that has heard of no other for a while keeps its commits to itself: a
/// notification for nobody costs as much as a small append.</para>
/// </summary>
sealed class Notifications(NpgsqlDataSource db, EventStore store, ILogger log)
{
    const string Channel = "crm_log";
    const int Unpaused = 4;
    static readonly TimeSpan hello = TimeSpan.FromSeconds(1),
        company = TimeSpan.FromSeconds(3);
    readonly string self = Guid.CreateVersion7().ToString("N");
    readonly WakeUp met = new();
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
                log.LogWarning("Notifications are lost, followers poll: {Error}", e.Message);
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
            met.Signal();
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
            // Rarely Npgsql misses the cancellation (npgsql/npgsql#5975) and would wait for ever: then the connection is left behind, and
            // ends with the process.
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
            var (told, seen) = (store.Committed.Signals, met.Signals);
            // Nothing is lost with a notification, so its commit need not wait for the disk.
            await connection.Execute("select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)", ct, Channel, self);
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref heard)) > company)
            {
                await met.Wait(seen, hello, ct);
                continue;
            }
            inARow = store.Committed.Signals == told ? 0 : inARow + 1;
            // The shortest pause lasts until the system's clock ticks, 4 ms on most: only where commits follow one another without end do
            // they share one notification for so long.
            if (inARow == Unpaused)
            {
                await Task.Delay(1, ct);
                inARow = 0;
            }
            await store.Committed.Wait(told, hello, ct);
        }
    }
}
