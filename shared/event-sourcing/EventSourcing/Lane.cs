namespace CrmPlatform.EventSourcing;

/// <summary>
/// Commands that wait at the same moment share a transaction: while a group is under way the next one gathers. Who has no company waits for nobody.
/// <para>When enough have gathered, they go as a second group beside the first, on another connection: while the server works for one, this process works for the
/// other. Fewer wait, for small groups share too little. Commands on one stream never meet in two groups: whoever comes to a stream that is under way, or to one
/// that an earlier command waits for, waits too.</para>
/// </summary>
sealed class Lane(Writer writer)
{
    const int Groups = 2, Enough = 16, Company = 64, LookedAt = 4 * Company;

    readonly Lock gate = new();
    readonly LinkedList<Command> waiting = [];
    readonly HashSet<Guid> streams = [];
    int groups;

    public async Task Write(Command command)
    {
        var group = Next(come: command);
        if (group is [var alone] && alone == command)
        {
            await Patiently(writer.Write(group));
            group = Next(gone: group);
        }
        Start(group);
    }

    void Start(List<Command> group)
    {
        if (group.Count == 0) return;
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(() => Go(group));
    }

    async Task Go(List<Command> group)
    {
        while (group.Count > 0)
        {
            Start(Next());
            Activity.Current = group[0].Activity;
            await Patiently(writer.Write(group));
            // Those who were just answered may have more to say: without this, groups of nearly all and of one would take turns.
            await Task.Yield();
            group = Next(gone: group);
        }
    }

    /// <summary>A group that waits for a lock, or for a slow server, goes on beside the next one.</summary>
    static async Task Patiently(Task writing) => await writing.WaitAsync(TimeSpan.FromMilliseconds(50)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>The group that may go now, if there is one.</summary>
    List<Command> Next(Command? come = null, List<Command>? gone = null)
    {
        lock (gate)
        {
            if (come is not null) waiting.AddLast(come);
            if (gone is not null)
            {
                groups--;
                foreach (var command in gone) streams.ExceptWith(command.Streams);
            }
            if (waiting.Count < (groups == 0 ? 1 : Enough) || groups == Groups) return [];
            var group = Gather();
            if (group.Count > 0) groups++;
            return group;
        }
    }

    /// <summary>Half of those who wait, so that the others can be a group beside it; who comes to the same streams goes along.</summary>
    List<Command> Gather()
    {
        var (group, mine, most, looked) = (new List<Command>(), new HashSet<Guid>(), groups == 0 ? Math.Max(Enough, waiting.Count / 2) : Company, 0);
        HashSet<Guid> theirs = groups == 0 ? [] : [.. streams];
        for (var next = waiting.First; next is not null && group.Count < Company && looked < LookedAt; looked++)
        {
            var (node, command) = (next, next.Value);
            next = next.Next;
            if (command.Streams.Any(theirs.Contains)) theirs.UnionWith(command.Streams);
            else if (group.Count < most || command.Streams.All(mine.Contains))
            {
                waiting.Remove(node);
                if (command.Cancelled.IsCancellationRequested) continue;
                group.Add(command);
                mine.UnionWith(command.Streams);
            }
        }
        streams.UnionWith(mine);
        return group;
    }
}
