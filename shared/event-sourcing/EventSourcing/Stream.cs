namespace CrmPlatform.EventSourcing;

/// <summary>
/// The id of a stream with the types of its state and events. Each aggregate declares its own, so that ids and types always match:
/// <c>public static Stream&lt;Basket, IBasketEvent&gt; Of(Guid id) =&gt; new(id);</c>
/// </summary>
/// <param name="ProbablyNew">
/// The decision is first made as if the stream did not exist, without loading it. If it does exist, it is loaded and decided again.
/// </param>
public readonly record struct Stream<TState, TEvent>(Guid Id, bool ProbablyNew = false)
{
    internal StreamKey Key => new(Id, typeof(TState), ProbablyNew);
}

/// <summary>A stream without its types, for lists of streams.</summary>
readonly record struct StreamKey(Guid Id, Type State, bool ProbablyNew);

/// <summary>A stream in a decision about several. <see cref="State"/> includes what the decision has appended so far.</summary>
public readonly struct Loaded<TState, TEvent>
{
    readonly Attempt.Stream stream;
    readonly EventMetadata metadata;

    internal Loaded(Attempt.Stream stream, EventMetadata metadata) => (this.stream, this.metadata) = (stream, metadata);

    public Guid Id => stream.Id;
    public TState State => (TState)stream.State;

    /// <summary>The number of its events, including those of this decision; 0 if it does not exist.</summary>
    public long Version => stream.Version;

    public void Append(params IEnumerable<TEvent> events)
    {
        foreach (var e in events)
            stream.Apply(e!, metadata);
    }
}
