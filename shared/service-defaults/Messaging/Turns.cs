using System.Collections.Concurrent;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Executes packets that wait at the same moment in one group: the caller that gets a turn takes all waiting packets. Groups grow with the
/// load; a single packet is executed at once. There are two turns: the next group is prepared while the transaction of the one before is
/// running.
/// </summary>
public sealed class Turns : IDisposable
{
    readonly SemaphoreSlim turns = new(2);
    readonly ConcurrentQueue<(IReadOnlyList<Fact> Facts, TaskCompletionSource<bool> Done)> waiting = new();

    /// <summary>The result of the group in which the facts were executed.</summary>
    public async Task<bool> Take(IReadOnlyList<Fact> facts, Func<IReadOnlyList<Fact>, Task<bool>> execute, CancellationToken ct)
    {
        var mine = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Enqueue((facts, mine));
        await turns.WaitAsync(ct);
        try
        {
            var group = new List<(IReadOnlyList<Fact> Facts, TaskCompletionSource<bool> Done)>();
            while (waiting.TryDequeue(out var packet))
                group.Add(packet);
            if (group.Count > 0)
                await Execute(group, execute);
        }
        finally
        {
            turns.Release();
        }
        return await mine.Task;
    }

    public void Dispose() => turns.Dispose();

    static async Task Execute(
        List<(IReadOnlyList<Fact> Facts, TaskCompletionSource<bool> Done)> group,
        Func<IReadOnlyList<Fact>, Task<bool>> execute
    )
    {
        try
        {
            var done = await execute([.. group.SelectMany(packet => packet.Facts)]);
            foreach (var packet in group)
                packet.Done.TrySetResult(done);
        }
        catch (Exception e)
        {
            foreach (var packet in group)
                packet.Done.TrySetException(e);
        }
    }
}
