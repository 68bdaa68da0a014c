namespace CrmPlatform.EventSourcing;

/// <summary>
/// Reads new events once for all followers of this process and keeps the latest in memory. A follower that is further behind reads the log
/// itself; so do all of them while the tail cannot read.
/// </summary>
sealed class LogTail(NpgsqlDataSource db, EventStore store, IReadOnlyList<Follower> followers, ILogger log)
{
    const int Kept = 8_192;

    /// <summary>
    /// A pause after each page, so that the next one collects more events: at a thousand commits a second this saves three quarters of the
    /// reads. A follower with a shorter pause shortens it.
    /// </summary>
    readonly TimeSpan rest = followers.Select(f => f.Rest).Append(TimeSpan.FromMilliseconds(3)).Min();

    readonly Lock gate = new();
    readonly List<RecordedEvent> events = [];
    long start = long.MaxValue,
        end,
        allWokenAt;
    bool allWoken;

    /// <summary>
    /// The next page for a follower at <paramref name="position"/>; false when the events after it are no longer in memory.
    /// </summary>
    public bool TryTake(long position, int limit, IReadOnlySet<Type>? handles, out List<RecordedEvent> page, out long next)
    {
        (page, next) = ([], position);
        lock (gate)
        {
            if (position < start)
                return false;
            for (var i = IndexAfter(position); i < events.Count; i++)
            {
                if (handles?.Contains(events[i].Data.GetType()) == false)
                    continue;
                page.Add(events[i]);
                if (page.Count < limit)
                    continue;
                next = events[i].Sequence;
                return true;
            }
            next = Math.Max(position, end);
            return true;
        }
    }

    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await Read(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Each follower now reads the log itself: only those that handle the unreadable event get stuck at it.
                Begin(long.MaxValue);
                foreach (var follower in followers)
                    follower.WakeUp.Signal();
                log.TailFailed(e);
                try
                {
                    await Task.Delay(store.Options.PollInterval, ct);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    async Task Read(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var handled = followers.All(f => f.Handles is not null)
            ? followers.SelectMany(f => f.Handles!).Append(typeof(FollowerSkipped)).ToHashSet()
            : null;
        var reader = new LogReader(store, store.Options.Events.NamesOf(handled));
        Begin((long)(await connection.Ask("select coalesce(max(seq_id), 0) from mt_events", ct))!);
        var (wokenAt, wokeAll) = (Stopwatch.GetTimestamp(), false);
        while (true)
        {
            var seen = store.Appeared.Signals;
            var (page, next) = await reader.Read(connection, end, store.Options.PageSize, ct);
            if (next > end)
            {
                Add(page, next);
                allWoken = false;
            }
            Wake(page);
            if (reader.Blocked)
                await Task.Delay(2, ct);
            else
            {
                if (page.Count > 0)
                    await Task.Delay(rest, ct);
                if (page.Count < store.Options.PageSize)
                    await store.Appeared.Wait(seen, allWoken ? Timeout.InfiniteTimeSpan : store.Options.PollInterval, ct);
            }
        }
    }

    /// <summary>
    /// Wakes the followers that handle an event of this page. The others only move their checkpoints: they are woken once per poll
    /// interval, if there was anything new, and sleep while the log is quiet.
    /// </summary>
    void Wake(List<RecordedEvent> page)
    {
        var all = !allWoken && Stopwatch.GetElapsedTime(allWokenAt) >= store.Options.PollInterval;
        if (all)
            (allWoken, allWokenAt) = (true, Stopwatch.GetTimestamp());
        foreach (var follower in followers)
            if (all || (page.Count > 0 && (follower.Handles is not { } wanted || page.Exists(e => wanted.Contains(e.Data.GetType())))))
                follower.WakeUp.Signal();
        foreach (var e in page)
            if (e.Data is FollowerSkipped skip)
                followers.FirstOrDefault(f => f.Name == skip.Follower)?.Skipped.Signal();
    }

    void Begin(long position)
    {
        lock (gate)
        {
            events.Clear();
            (start, end) = (position, position == long.MaxValue ? 0 : position);
        }
    }

    void Add(List<RecordedEvent> page, long next)
    {
        lock (gate)
        {
            events.AddRange(page);
            end = next;
            if (events.Count <= 2 * Kept)
                return;
            start = events[^(Kept + 1)].Sequence;
            events.RemoveRange(0, events.Count - Kept);
        }
    }

    int IndexAfter(long position)
    {
        var (low, high) = (0, events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (events[middle].Sequence <= position)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
