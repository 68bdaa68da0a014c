namespace CrmPlatform.EventSourcing;

/// <summary>A stream of an attempt: its state, its new events, and whether the decisions on it were checked against the log.</summary>
sealed partial class Attempt
{
    public sealed class Stream(Guid id, StreamType type, bool blind, object state, long version)
    {
        public Guid Id => id;
        public StreamType Type => type;
        public bool Blind => blind;
        public object State { get; private set; } = state;
        public long Version { get; private set; } = version;
        public long LoadedVersion { get; private set; } = version;
        public List<(object Data, EventMetadata Metadata)> New { get; } = [];

        /// <summary>A decision needs its state, so it must be loaded if it is not cached.</summary>
        public bool MustLoad { get; set; }

        /// <summary>It was loaded from the log for this transaction, not taken from the cache.</summary>
        public bool Fresh { get; set; }

        /// <summary>Its state is not stale: it was just loaded, or the append of its new events checks the version.</summary>
        public bool Proven => blind || Fresh || New.Count > 0;

        /// <summary>When this process last wrote a snapshot of it; 0 when it does not know of any.</summary>
        public long SnapshotAt { get; set; }

        /// <summary>How many events and snapshots were loaded for this transaction.</summary>
        public int Read { get; private set; }

        public void Replay(RecordedEvent e)
        {
            (State, Version, LoadedVersion) = (type.Evolve(State, e.Data), e.Version, e.Version);
            Read++;
        }

        public void Apply(object e, EventMetadata metadata)
        {
            if (!blind)
                State = type.Evolve(State, e);
            New.Add((e, metadata));
            Version++;
        }

        public Mark Mark() => new(this, State, Version, New.Count);

        public void BackTo(Mark mark)
        {
            (State, Version) = (mark.State, mark.Version);
            New.RemoveRange(mark.Count, New.Count - mark.Count);
        }
    }

    /// <summary>A stream before a decision, to roll back to.</summary>
    public readonly record struct Mark(Stream Stream, object State, long Version, int Count);
}
