namespace CrmPlatform.EventSourcing;

/// <summary>
/// Commands that wait at the same moment share a transaction: while a group is under way the next one gathers. A single command is executed
/// at once.
/// <para>When enough have gathered, they go as a second group beside the first, on another connection: while the server works for one, this
/// process works for the other. Fewer wait, for small groups share too little. Commands on one stream never meet in two groups: whoever
/// comes to a stream that is under way, or to one that an earlier command waits for, waits too.</para>
/// </summary>
sealed class GroupCommit(Writer writer)
{
    const int Groups = 2,
        Enough = 16,
        Company = 64,
        LookedAt = 4 * Company;

    readonly Lock gate = new();
    readonly LinkedList<Command> waiting = [];
    readonly HashSet<Guid> underWay = [];
    int groups;

    public async Task Write(Command command)
    {
        var group = Next(come: command);
        if (group is [var alone] && alone == command)
            group = Next(over: true, free: await EndsSoon(group) ? group : null);
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
            var free = await EndsSoon(group) ? group : null;
            // Those who were just answered may have more to say: without this, groups of nearly all and of one would take turns.
            await Task.Yield();
            group = Next(over: true, free: free);
        }
    }

    /// <summary>
    /// Executes a group. One that waits for a lock, or for a slow server, goes on beside the next ones: false, and only its streams wait
    /// for it.
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
            Start(Next(free: group));
        }
    }

    /// <summary>The group that may go now, if there is one.</summary>
    /// <param name="come">Who has just come.</param>
    /// <param name="over">A group is no longer waited for.</param>
    /// <param name="free">Those whose streams are no longer under way.</param>
    List<Command> Next(Command? come = null, bool over = false, List<Command>? free = null)
    {
        lock (gate)
        {
            if (over)
                groups--;
            foreach (var command in free ?? [])
                underWay.ExceptWith(command.Streams);
            if (come is not null)
            {
                waiting.AddLast(come);
                if (come.Streams.Any(underWay.Contains))
                    return [];
            }
            var least = groups == 0 ? 1 : Enough;
            if (groups == Groups || waiting.Count < least)
                return [];
            var group = Gather(groups == 0 ? Math.Max(Enough, waiting.Count / 2) : Company);
            if (group.Count < least)
                return [];
            groups++;
            foreach (var node in group)
            {
                waiting.Remove(node);
                underWay.UnionWith(node.Value.Streams);
            }
            return group.ConvertAll(node => node.Value);
        }
    }

    /// <param name="most">So many at least are left to be a group beside it, if there are; who comes to the same streams goes
    /// along.</param>
    List<LinkedListNode<Command>> Gather(int most)
    {
        var (group, mine, theirs, looked) = (new List<LinkedListNode<Command>>(), new HashSet<Guid>(), new HashSet<Guid>(underWay), 0);
        for (var next = waiting.First; next is not null && group.Count < Company && (group.Count < most || looked < LookedAt); looked++)
        {
            var (node, command) = (next, next.Value);
            next = next.Next;
            if (command.Cancelled.IsCancellationRequested)
                waiting.Remove(node);
            else if (command.Streams.Any(theirs.Contains))
                theirs.UnionWith(command.Streams);
            else if (group.Count < most || command.Streams.All(mine.Contains))
            {
                group.Add(node);
                mine.UnionWith(command.Streams);
            }
        }
        return group;
    }
}
