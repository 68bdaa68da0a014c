namespace CrmPlatform.EventSourcing;

/// <summary>The streams of one transaction: their states before and after the decisions, and the facts to record.</summary>
sealed class Fold
{
    readonly Dictionary<Guid, Stream> streams = [];

    public sealed class Stream(Write first, object state, long version, bool blind)
    {
        public Guid Id => first.StreamId;
        public Type StateType => first.StateType;
        public bool Blind => blind;
        public object State { get; private set; } = state;
        public long Version { get; private set; } = version;
        public long LoadedVersion { get; private set; } = version;
        public List<(object Data, EventMetadata? Metadata)> New { get; } = [];

        public void Replay(RecordedEvent e) => (State, Version, LoadedVersion) = (first.Evolve(State, e.Data), e.Version, e.Version);

        public void Apply(IReadOnlyList<object> events, EventMetadata? metadata)
        {
            foreach (var e in events)
            {
                if (!blind) State = first.Evolve(State, e);
                New.Add((e, metadata));
                Version++;
            }
        }

        public (object, long, int) Mark() => (State, Version, New.Count);

        public void BackTo((object State, long Version, int Count) mark)
        {
            (State, Version) = (mark.State, mark.Version);
            New.RemoveRange(mark.Count, New.Count - mark.Count);
        }
    }

    public static Fold Of(IReadOnlyList<Write> writes, Func<Guid, (object State, long Version)?> cached)
    {
        var fold = new Fold();
        foreach (var write in writes)
        {
            if (fold.streams.TryGetValue(write.StreamId, out var there))
            {
                if (there.Blind != write.Blind || there.StateType != write.StateType)
                    throw new InvalidOperationException($"stream {write.StreamId} is written in two ways in one transaction");
                continue;
            }
            var known = write.Blind ? null : cached(write.StreamId);
            if (known is { } k && k.State.GetType() != write.StateType) known = null;
            fold.streams.Add(write.StreamId, new(write, known?.State ?? write.Initial, known?.Version ?? 0, write.Blind));
        }
        return fold;
    }

    public IEnumerable<Stream> Streams => streams.Values;

    /// <summary>A state is remembered for every stream that needs one.</summary>
    public bool AllKnown => streams.Values.All(s => s.Blind || s.LoadedVersion > 0);

    /// <summary>Every stream gets new facts: their versions prove what was decided on.</summary>
    public bool AllGrow => streams.Values.All(s => s.New.Count > 0);

    /// <summary>Messages with a refused write: they must not count as seen.</summary>
    public HashSet<Guid> RefusedMessages { get; } = [];

    /// <summary>The streams to lock and load. Blind ones are locked later, by their append, also in the order of ids: first these, then those, so nobody waits in a circle.</summary>
    public Guid[] Ids => [.. streams.Values.Where(s => !s.Blind).Select(s => s.Id)];

    public long[] KnownVersions => [.. streams.Values.Where(s => !s.Blind).Select(s => s.Version)];

    public void Replay(RecordedEvent e) => streams[e.StreamId].Replay(e);

    /// <summary>Decides in the order of the list. A message's writes stand or fall together.</summary>
    public IReadOnlyList<WriteResult> Decide(IReadOnlyList<Write> writes, long? expectedVersion, bool refusalsAsResults, HashSet<Guid>? seen = null)
    {
        var results = new WriteResult[writes.Count];
        for (var first = 0; first < writes.Count;)
        {
            var next = first + 1;
            while (writes[first].Once is { } once && next < writes.Count && writes[next].Once == once) next++;
            Message(writes, first, next, results, expectedVersion, refusalsAsResults, seen);
            first = next;
        }
        return results;
    }

    void Message(IReadOnlyList<Write> writes, int first, int next, WriteResult[] results, long? expectedVersion, bool refusalsAsResults, HashSet<Guid>? seen)
    {
        var once = writes[first].Once;
        var duplicate = once is { } id && seen?.Contains(id) == true;
        var marks = Enumerable.Range(first, next - first).Select(i => streams[writes[i].StreamId]).Distinct().Select(s => (Stream: s, Mark: s.Mark())).ToList();
        try
        {
            for (var i = first; i < next; i++)
            {
                var stream = streams[writes[i].StreamId];
                if (duplicate) { results[i] = new(stream.Id, stream.Blind ? 0 : stream.Version, [], Duplicate: true); continue; }
                if (expectedVersion is { } expected && expected != stream.Version) throw new StaleVersionException(stream.Id, expected, stream.Version);
                var events = writes[i].Decide(stream.State);
                stream.Apply(events, writes[i].Metadata);
                results[i] = new(stream.Id, stream.Blind ? 0 : stream.Version, events);
            }
        }
        catch (RuleViolationException refused) when (refusalsAsResults)
        {
            foreach (var (stream, mark) in marks) stream.BackTo(mark);
            for (var i = first; i < next; i++) results[i] = new(writes[i].StreamId, 0, [], Refused: refused);
            if (once is { } message) RefusedMessages.Add(message);
        }
    }

    /// <summary>The new facts with their ids and versions; version 0 in blind streams, where the database counts.</summary>
    public List<RecordedEvent> Record(EventMetadata metadata, DateTimeOffset now, Func<RecordedEvent, Write?>? companion)
    {
        var recorded = new List<RecordedEvent>();
        foreach (var stream in streams.Values)
            for (var i = 0; i < stream.New.Count; i++)
                recorded.Add(new(Guid.CreateVersion7(now), stream.Id, stream.Blind ? 0 : stream.LoadedVersion + i + 1, 0, stream.New[i].Data, stream.New[i].Metadata ?? metadata, now));
        if (companion is null) return recorded;
        foreach (var cause in recorded.ToArray())
            if (companion(cause) is { Blind: true } note)
            {
                if (!streams.TryGetValue(note.StreamId, out var stream)) streams.Add(note.StreamId, stream = new(note, note.Initial, 0, blind: true));
                var facts = note.Decide(stream.State);
                stream.Apply(facts, cause.Metadata);
                recorded.AddRange(facts.Select(fact => new RecordedEvent(Guid.CreateVersion7(now), note.StreamId, 0, 0, fact, cause.Metadata, now)));
            }
        return recorded;
    }

    public IEnumerable<(Guid Id, object State, long Version)> Results() =>
        streams.Values.Where(s => !s.Blind && s.Version > 0).Select(s => (s.Id, s.State, s.Version));
}
