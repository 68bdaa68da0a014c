namespace CrmPlatform.EventSourcing;

/// <summary>The streams of one transaction: their states before and after the decisions, and the facts to record.</summary>
sealed class Fold
{
    readonly Dictionary<Guid, Stream> streams = [];

    public sealed class Stream(Write first, object state, long version)
    {
        public Guid Id => first.StreamId;
        public Type StateType => first.StateType;
        public bool Blind => first.Blind;
        public object State { get; private set; } = state;
        public long Version { get; private set; } = version;
        public long LoadedVersion { get; private set; } = version;
        public List<(object Data, EventMetadata Metadata)> New { get; } = [];

        /// <summary>Somebody decides on it whatever its version is, so it must be known.</summary>
        public bool Asked { get; set; }

        /// <summary>Read from the log for this transaction, not remembered.</summary>
        public bool Fresh { get; set; }

        /// <summary>What was decided on it holds: it was just read, or the append of its new facts checks the version.</summary>
        public bool Proven => Blind || Fresh || New.Count > 0;

        /// <summary>When this process last kept a snapshot of it; 0: not that it remembers.</summary>
        public long KeptAt { get; set; }

        /// <summary>Facts and snapshots that were read for this transaction.</summary>
        public int Read { get; private set; }

        public void Replay(RecordedEvent e)
        {
            (State, Version, LoadedVersion) = (first.Evolve(State, e.Data), e.Version, e.Version);
            Read++;
        }

        public void Apply(IReadOnlyList<object> events, EventMetadata metadata)
        {
            foreach (var e in events)
            {
                if (!Blind) State = first.Evolve(State, e);
                New.Add((e, metadata));
                Version++;
            }
        }

        public (Stream, object, long, int) Mark() => (this, State, Version, New.Count);

        public void BackTo(object state, long version, int count)
        {
            (State, Version) = (state, version);
            New.RemoveRange(count, New.Count - count);
        }
    }

    public Fold(IReadOnlyList<Command> commands, Func<Guid, (object State, long Version, long KeptAt)?> remembered)
    {
        foreach (var command in commands)
            foreach (var write in command.Writes)
            {
                if (!streams.TryGetValue(write.StreamId, out var stream))
                {
                    var known = write.Blind ? null : remembered(write.StreamId);
                    if (known is { } k && k.State.GetType() != write.StateType) known = null;
                    streams.Add(write.StreamId, stream = new(write, known?.State ?? write.Initial, known?.Version ?? 0) { KeptAt = known?.KeptAt ?? 0 });
                }
                else if (stream.Blind != write.Blind || stream.StateType != write.StateType)
                    throw new InvalidOperationException($"stream {write.StreamId} is written in two ways in one transaction");
                stream.Asked |= command.ExpectedVersion != 0;
            }
    }

    public IEnumerable<Stream> Streams => streams.Values;

    /// <summary>Blind streams are neither loaded nor locked: their append locks them, also in the order of ids. First these, then those, so nobody waits in a circle.</summary>
    public IReadOnlyList<Stream> ToLoad(bool all) => [.. streams.Values.Where(s => !s.Blind && (all || (s.Asked && s.LoadedVersion == 0)))];

    /// <summary>Messages that have been executed, here or before.</summary>
    public HashSet<Guid> Seen { get; } = [];

    /// <summary>The inbox was asked for the messages of these commands. Before, nobody knows that a message is a duplicate: only the append would find out.</summary>
    public bool InboxRead { get; set; }

    /// <summary>Messages that the transaction executes.</summary>
    public List<Guid> Executed { get; } = [];

    public void Replay(RecordedEvent e) => streams[e.StreamId].Replay(e);

    /// <summary>Results, or a refusal that takes back what the command did to the streams.</summary>
    /// <returns>False when it was decided on a memory that nothing proves, or was refused and may be a duplicate: then it did nothing and must ask the log.</returns>
    public bool Decide(Command command, EventMetadata metadata)
    {
        var (writes, results, executed) = (command.Writes, new WriteResult[command.Writes.Count], Executed.Count);
        var marks = Mark(writes, 0, writes.Count);
        (command.Results, command.Refusal) = (results, null);
        try
        {
            for (var first = 0; first < writes.Count;)
            {
                var next = first + 1;
                while (writes[first].Once is { } once && next < writes.Count && writes[next].Once == once) next++;
                Message(command, first, next, results, metadata);
                first = next;
            }
        }
        catch (Exception no)
        {
            command.Fail(no);
            BackTo(marks); // what it did itself is not appended and proves nothing
        }
        bool Lasts(int i) => command.Refusal is null && writes[i].NothingLasts && results[i] is { Refused: null, Events.Count: 0 };
        var proven = Enumerable.Range(0, writes.Count).All(i => marks[i].Stream.Proven || Lasts(i)) && (command.Refusal is null || InboxRead || !command.Messages.Any());
        if (proven && command.Refusal is null)
        {
            Seen.UnionWith(Executed.Skip(executed));
            return true;
        }
        BackTo(marks);
        Executed.RemoveRange(executed, Executed.Count - executed);
        return proven;
    }

    /// <summary>The writes of one message; where refusals are results, they stand or fall by themselves.</summary>
    void Message(Command command, int first, int next, WriteResult[] results, EventMetadata metadata)
    {
        var writes = command.Writes;
        var duplicate = writes[first].Once is { } once && Seen.Contains(once);
        var marks = command.RefusalsAsResults ? Mark(writes, first, next) : null;
        try
        {
            for (var i = first; i < next; i++)
            {
                var stream = streams[writes[i].StreamId];
                if (command.ExpectedVersion is { } expected && !duplicate && expected != stream.Version) throw new StaleVersionException(stream.Id, expected, stream.Version);
                var events = duplicate ? [] : writes[i].Decide(stream.State);
                stream.Apply(events, writes[i].Metadata ?? metadata);
                results[i] = new(stream.Id, stream.Blind ? 0 : stream.Version, events, duplicate);
            }
            if (writes[first].Once is { } message && !duplicate) Executed.Add(message);
        }
        catch (RuleViolationException refused) when (marks is not null)
        {
            BackTo(marks);
            for (var i = first; i < next; i++) results[i] = new(writes[i].StreamId, 0, [], Refused: refused);
        }
    }

    List<(Stream Stream, object State, long Version, int Count)> Mark(IReadOnlyList<Write> writes, int first, int next)
    {
        var marks = new List<(Stream, object, long, int)>(next - first);
        for (var i = first; i < next; i++) marks.Add(streams[writes[i].StreamId].Mark());
        return marks;
    }

    static void BackTo(List<(Stream Stream, object State, long Version, int Count)> marks)
    {
        // A stream that is marked twice was so both times before anything was done to it.
        foreach (var (stream, state, version, count) in marks) stream.BackTo(state, version, count);
    }

    /// <summary>The new facts with their ids and versions; version 0 in blind streams, where the database counts.</summary>
    public List<RecordedEvent> Record(DateTimeOffset now, Func<RecordedEvent, Write?>? companion)
    {
        var recorded = new List<RecordedEvent>();
        foreach (var stream in streams.Values)
            for (var i = 0; i < stream.New.Count; i++)
                recorded.Add(new(Guid.CreateVersion7(now), stream.Id, stream.Blind ? 0 : stream.LoadedVersion + i + 1, 0, stream.New[i].Data, stream.New[i].Metadata, now));
        if (companion is null) return recorded;
        foreach (var cause in recorded.ToArray())
            if (companion(cause) is { Blind: true } note)
            {
                if (!streams.TryGetValue(note.StreamId, out var stream)) streams.Add(note.StreamId, stream = new(note, note.Initial, 0));
                var facts = note.Decide(stream.State);
                stream.Apply(facts, cause.Metadata);
                recorded.AddRange(facts.Select(fact => new RecordedEvent(Guid.CreateVersion7(now), note.StreamId, 0, 0, fact, cause.Metadata, now)));
            }
        return recorded;
    }
}
