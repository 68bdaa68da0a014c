namespace CrmPlatform.EventSourcing;

/// <summary>
/// Group commit: while a group of commands is executed in one transaction, further commands queue up and form the next group. A single
/// command is executed at once.
/// <para>When 16 commands or more are waiting, they are executed as a second group beside the first, on another connection: while the
/// server works on one group, this process works on the other. Fewer commands wait, since small groups save little. Two groups never
/// contain commands on the same stream: a command waits when one of its streams is in use by a group, or by a command that waits before
/// it.</para>
/// </summary>
sealed class GroupCommit(Writer writer)
{
    const int MaxGroups = 2,
        SecondGroupFrom = 16,
        MaxGroupSize = 64,
        MaxScanned = 4 * MaxGroupSize;

    readonly Lock gate = new();
    readonly LinkedList<Command> waiting = [];
    readonly HashSet<Guid> inUse = [];
    int groups;

    public async Task Write(Command command)
    {
        var group = Next(arrived: command);
        if (group is [var alone] && alone == command)
            group = Next(groupEnded: true, released: await EndsSoon(group) ? group : null);
        Start(group);
    }

    void Start(List<Command> group)
    {
        if (group.Count == 0)
            return;
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => Go(group));
    }

    async Task Go(List<Command> group)
    {
        while (group.Count > 0)
        {
            Start(Next());
            Activity.Current = group[0].Activity;
            var released = await EndsSoon(group) ? group : null;
            // Callers that were just answered may send their next command now. Without this, large groups and groups of one would
            // alternate.
            await Task.Yield();
            group = Next(groupEnded: true, released: released);
        }
    }

    /// <summary>
    /// Executes a group. False when that takes longer than 50 ms, because of a lock or a slow server: then the next groups do not wait for
    /// it, only commands on its streams do.
    /// </summary>
    async Task<bool> EndsSoon(List<Command> group)
    {
        var writing = writer.Write(group);
        await writing.WaitAsync(TimeSpan.FromMilliseconds(50)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var ended = writing.IsCompleted;
        if (!ended)
            _ = Later();
        return ended;

        async Task Later()
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Start(Next(released: group));
        }
    }

    /// <summary>The group that can be executed now; empty when there is none.</summary>
    /// <param name="arrived">A new command.</param>
    /// <param name="groupEnded">A group has ended, or is slow and not waited for any longer.</param>
    /// <param name="released">Commands that have ended: their streams are no longer in use.</param>
    List<Command> Next(Command? arrived = null, bool groupEnded = false, List<Command>? released = null)
    {
        lock (gate)
        {
            if (groupEnded)
                groups--;
            foreach (var command in released ?? [])
                inUse.ExceptWith(command.Streams);
            if (arrived is not null)
            {
                waiting.AddLast(arrived);
                if (arrived.Streams.Any(inUse.Contains))
                    return [];
            }
            var least = groups == 0 ? 1 : SecondGroupFrom;
            if (groups == MaxGroups || waiting.Count < least)
                return [];
            var group = Gather(groups == 0 ? Math.Max(SecondGroupFrom, waiting.Count / 2) : MaxGroupSize);
            if (group.Count < least)
                return [];
            groups++;
            foreach (var node in group)
            {
                waiting.Remove(node);
                inUse.UnionWith(node.Value.Streams);
            }
            return group.ConvertAll(node => node.Value);
        }
    }

    /// <param name="wanted">After so many commands only those on the same streams are added, so that the others can form a second
    /// group.</param>
    List<LinkedListNode<Command>> Gather(int wanted)
    {
        var (group, own, others, scanned) = (new List<LinkedListNode<Command>>(), new HashSet<Guid>(), new HashSet<Guid>(inUse), 0);
        for (
            var next = waiting.First;
            next is not null && group.Count < MaxGroupSize && (group.Count < wanted || scanned < MaxScanned);
            scanned++
        )
        {
            var (node, command) = (next, next.Value);
            next = next.Next;
            if (command.Cancelled.IsCancellationRequested)
                waiting.Remove(node);
            else if (command.Streams.Any(others.Contains))
                others.UnionWith(command.Streams);
            else if (group.Count < wanted || command.Streams.All(own.Contains))
            {
                group.Add(node);
                own.UnionWith(command.Streams);
            }
        }
        return group;
    }
}
