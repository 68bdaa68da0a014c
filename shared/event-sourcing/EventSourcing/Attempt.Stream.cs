namespace CrmPlatform.EventSourcing;

/// <summary>One stream of an attempt: what it was, what was decided on it, and whether that stands on the log.</summary>
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

        /// <summary>Somebody decides on it whatever its version is, so it must be known.</summary>
        public bool Asked { get; set; }

        /// <summary>Read from the log for this transaction, not remembered.</summary>
        public bool Fresh { get; set; }

        /// <summary>What was decided on it holds: it was just read, or the append of its new events checks the version.</summary>
        public bool Proven => blind || Fresh || New.Count > 0;

        /// <summary>When this process last kept a snapshot of it; 0: not that it remembers.</summary>
        public long KeptAt { get; set; }

        /// <summary>Events and snapshots that were read for this transaction.</summary>
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

    /// <summary>What a stream was before a decision.</summary>
    public readonly record struct Mark(Stream Stream, object State, long Version, int Count);
}
