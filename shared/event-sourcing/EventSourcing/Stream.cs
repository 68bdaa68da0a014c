namespace CrmPlatform.EventSourcing;

/// <summary>
/// One stream of the log, and what its events fold to. Each aggregate names its own, so that nobody else pairs ids and types:
/// <c>public static Stream&lt;Basket, IBasketEvent&gt; Of(Guid id) =&gt; new(id);</c>
/// </summary>
/// <param name="ProbablyNew">
/// The decision is tried first as if the stream were not there: nothing is loaded. Where it is there after all, it is loaded and decided
/// again.
/// </param>
public readonly record struct Stream<TState, TEvent>(Guid Id, bool ProbablyNew = false)
{
    internal StreamKey Key => new(Id, typeof(TState), ProbablyNew);
}

/// <summary>A stream among others of other types.</summary>
readonly record struct StreamKey(Guid Id, Type State, bool ProbablyNew);

/// <summary>A stream as a decision about several finds it. What is appended is seen in <see cref="State"/> at once.</summary>
public readonly struct Loaded<TState, TEvent>
{
    readonly Attempt.Stream stream;
    readonly EventMetadata metadata;

    internal Loaded(Attempt.Stream stream, EventMetadata metadata) => (this.stream, this.metadata) = (stream, metadata);

    public Guid Id => stream.Id;
    public TState State => (TState)stream.State;

    /// <summary>Events that the stream has, those of this decision included; 0 is a stream that is not there.</summary>
    public long Version => stream.Version;

    public void Append(params IEnumerable<TEvent> events)
    {
        foreach (var e in events)
            stream.Apply(e!, metadata);
    }
}
