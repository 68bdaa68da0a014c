namespace CrmPlatform.EventSourcing;

/// <summary>
/// One attempt to execute commands in one transaction: decides them in memory and collects the events to append.
/// </summary>
sealed partial class Attempt
{
    readonly StreamTypes types;
    readonly Dictionary<Guid, Stream> streams = [];

    public Attempt(IReadOnlyList<Command> commands, StreamTypes types, Func<Guid, (object State, long Version, long SnapshotAt)?> cached)
    {
        this.types = types;
        foreach (var command in commands)
        foreach (var write in command.Writes)
        foreach (var key in write.Streams)
            Add(key, write.Blind, cached).MustLoad |= command.ExpectedVersion != 0 && !key.ProbablyNew;
    }

    public IEnumerable<Stream> Streams => streams.Values;

    /// <summary>
    /// The streams to load (and to lock, after a conflict). Blind ones are not among them: the append locks them, later and also in the
    /// order of ids, so that no two transactions deadlock.
    /// </summary>
    public IReadOnlyList<Stream> ToLoad(bool all) =>
        [.. streams.Values.Where(s => !s.Blind && (all || (s.MustLoad && s.LoadedVersion == 0)))];

    /// <summary>Messages that are known to be executed: in this transaction or, according to the inbox, before it.</summary>
    public HashSet<Guid> Seen { get; } = [];

    /// <summary>
    /// The inbox was queried for the messages of these commands. Until then only the append would find out that a message is a duplicate.
    /// </summary>
    public bool InboxRead { get; set; }

    /// <summary>Messages that this transaction executes.</summary>
    public List<Guid> Executed { get; } = [];

    public void Replay(RecordedEvent e) => streams[e.StreamId].Replay(e);

    /// <summary>Decides a command: its results, or a refusal, which undoes what the command did to the streams.</summary>
    /// <returns>False when the command must be decided again on what the log has: its decision used a cached state that may be stale, or it
    /// was refused and may be a duplicate. Then it changed nothing.</returns>
    public bool Decide(Command command)
    {
        var (writes, results, executed) = (command.Writes, new WriteResult[command.Writes.Count], Executed.Count);
        var marks = Marks(writes, 0, writes.Count);
        (command.Results, command.Refusal) = (results, null);
        try
        {
            for (var first = 0; first < writes.Count; )
            {
                var next = first + 1;
                while (writes[first].Once is { } once && next < writes.Count && writes[next].Once == once)
                    next++;
                Message(command, first, next, results);
                first = next;
            }
        }
        catch (Exception no)
        {
            // Undone before Stands is asked: events that are not appended do not check a version.
            command.Fail(no);
            RollBack(marks);
        }
        var proven = Enumerable.Range(0, writes.Count).All(Stands) && (command.Refusal is null || InboxRead || !command.Messages.Any());
        if (proven && command.Refusal is null)
        {
            Seen.UnionWith(Executed.Skip(executed));
            return true;
        }
        RollBack(marks);
        Executed.RemoveRange(executed, Executed.Count - executed);
        return proven;

        bool Stands(int i) =>
            (command.Refusal is null && writes[i].NothingLasts && results[i] is { Refused: null, Events.Count: 0 })
            || writes[i].Streams.All(s => streams[s.Id].Proven);
    }

    /// <summary>Decides the writes of one message. Where refusals are results, a refusal undoes these writes only.</summary>
    void Message(Command command, int first, int next, WriteResult[] results)
    {
        var writes = command.Writes;
        var duplicate = writes[first].Once is { } once && Seen.Contains(once);
        var marks = command.RefusalsAsResults ? Marks(writes, first, next) : null;
        try
        {
            for (var i = first; i < next; i++)
                results[i] = One(command, writes[i], duplicate);
            if (writes[first].Once is { } message && !duplicate)
                Executed.Add(message);
        }
        catch (RuleViolationException refused) when (marks is not null)
        {
            RollBack(marks);
            for (var i = first; i < next; i++)
                results[i] = new(writes[i].Streams[0].Id, 0, [], Refused: refused);
        }
    }

    WriteResult One(Command command, Write write, bool duplicate)
    {
        var at = new Stream[write.Streams.Count];
        for (var i = 0; i < at.Length; i++)
            at[i] = streams[write.Streams[i].Id];
        if (duplicate)
            return new(at[0].Id, at[0].Blind ? 0 : at[0].Version, [], Duplicate: true);
        if (command.ExpectedVersion is { } expected && expected != at[0].Version)
            throw new StaleVersionException(at[0].Id, expected, at[0].Version);
        Span<int> before = stackalloc int[at.Length];
        for (var i = 0; i < at.Length; i++)
            before[i] = at[i].New.Count;
        write.Decide(at, command.Metadata);
        List<object>? events = null;
        for (var i = 0; i < at.Length; i++)
            if (Array.IndexOf(at, at[i]) == i) // a write may name a stream twice
                for (var n = before[i]; n < at[i].New.Count; n++)
                    (events ??= []).Add(at[i].New[n].Data);
        return new(at[0].Id, at[0].Blind ? 0 : at[0].Version, events is null ? [] : events);
    }

    Stream Add(StreamKey key, bool blind, Func<Guid, (object State, long Version, long SnapshotAt)?> cached)
    {
        if (streams.TryGetValue(key.Id, out var stream))
            return stream.Blind == blind && stream.Type.State == key.State
                ? stream
                : throw new InvalidOperationException(
                    $"stream {key.Id} is written as {key.State.Name}{(blind ? " by a blind append" : "")} and as {stream.Type.State.Name}"
                        + $"{(stream.Blind ? " by a blind append" : "")} in one transaction; expected one way of writing a stream"
                );
        var type = types.Of(key.State);
        var known = blind ? null : cached(key.Id);
        if (known is { } k && k.State.GetType() != key.State)
            known = null;
        streams.Add(
            key.Id,
            stream = new(key.Id, type, blind, known?.State ?? type.Initial, known?.Version ?? 0) { SnapshotAt = known?.SnapshotAt ?? 0 }
        );
        return stream;
    }

    List<Mark> Marks(IReadOnlyList<Write> writes, int first, int next)
    {
        var marks = new List<Mark>(next - first);
        for (var i = first; i < next; i++)
        for (var n = 0; n < writes[i].Streams.Count; n++)
            marks.Add(streams[writes[i].Streams[n].Id].Mark());
        return marks;
    }

    static void RollBack(List<Mark> marks)
    {
        // A stream may be marked twice; both marks were taken before the first decision, so they are equal.
        foreach (var mark in marks)
            mark.Stream.BackTo(mark);
    }

    /// <summary>
    /// The new events with their ids and versions. The version is 0 in blind streams, where the database counts it. Ids ascend in the order
    /// of the events: readers that sort events of one instant by id get a command's events in order.
    /// </summary>
    public List<RecordedEvent> Record(DateTimeOffset now)
    {
        Guid[] ids = [.. Enumerable.Range(0, streams.Values.Sum(s => s.New.Count)).Select(_ => Guid.CreateVersion7(now)).Order()];
        var recorded = new List<RecordedEvent>(ids.Length);
        foreach (var stream in streams.Values)
            for (var i = 0; i < stream.New.Count; i++)
                recorded.Add(
                    new(
                        Id: ids[recorded.Count],
                        StreamId: stream.Id,
                        Version: stream.Blind ? 0 : stream.LoadedVersion + i + 1,
                        Sequence: 0,
                        Data: stream.New[i].Data,
                        Metadata: stream.New[i].Metadata,
                        RecordedAt: now
                    )
                );
        return recorded;
    }
}
