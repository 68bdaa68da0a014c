namespace CrmPlatform.EventSourcing;

/// <summary>One decision about one stream, to be executed with others in one transaction.</summary>
public abstract class Write
{
    private protected Write(Guid streamId, Guid? once) => (StreamId, Once) = (streamId, once);

    public Guid StreamId { get; }

    /// <summary>Id of the message behind it: writes that carry an id already seen do nothing.</summary>
    public Guid? Once { get; private set; }

    /// <summary>Why its facts are there; null takes that of the <see cref="WriteScope"/>.</summary>
    public EventMetadata? Metadata { get; private set; }

    /// <summary>Where it decides nothing it would decide nothing ever after, whatever else is recorded: such a decision needs no look at the log.</summary>
    public bool NothingLasts { get; private set; }

    /// <summary>Says that <see cref="NothingLasts"/>: for a noted "first", "highest" or "has ended", which most that happens later does not change.</summary>
    public Write WhereNothingLasts()
    {
        NothingLasts = true;
        return this;
    }

    /// <summary>Stamps the id of the message that the write answers to, and what its facts say of their cause.</summary>
    public Write ButOnce(Guid messageId, EventMetadata? metadata = null)
    {
        (Once, Metadata) = (messageId, metadata);
        return this;
    }

    internal abstract Type StateType { get; }
    internal abstract bool Blind { get; }
    internal abstract object Initial { get; }
    internal abstract object Evolve(object state, object @event);
    internal abstract IReadOnlyList<object> Decide(object state);

    /// <summary>Load, decide, append. Decisions about one stream follow one another in the order of the list.</summary>
    public static Write To<TState, TEvent>(Guid streamId, Func<TState, TEvent[]> decide, Guid? once = null)
        where TState : class, IAggregate<TState, TEvent> where TEvent : class
        => new Decided<TState, TEvent>(streamId, decide, once);

    /// <summary>Append without loading and without a version check, for streams that only note what happened. Never conflicts.</summary>
    public static Write Append<TState, TEvent>(Guid streamId, Guid? once, params TEvent[] events)
        where TState : class, IAggregate<TState, TEvent> where TEvent : class
        => new Noted<TState, TEvent>(streamId, events, once);

    internal abstract class Typed<TState, TEvent>(Guid streamId, Guid? once) : Write(streamId, once)
        where TState : class, IAggregate<TState, TEvent> where TEvent : class
    {
        internal override Type StateType => typeof(TState);
        internal override object Initial => TState.Initial;
        internal override object Evolve(object state, object @event) => @event switch
        {
            TEvent e => ((TState)state).Evolve(e),
            Snapshot s => JsonSerializer.Deserialize<TState>(s.State, EventStoreOptions.Json)!,
            _ => state,
        };
    }

    sealed class Decided<TState, TEvent>(Guid streamId, Func<TState, TEvent[]> decide, Guid? once) : Typed<TState, TEvent>(streamId, once)
        where TState : class, IAggregate<TState, TEvent> where TEvent : class
    {
        internal override bool Blind => false;
        internal override IReadOnlyList<object> Decide(object state) => decide((TState)state);
    }

    sealed class Noted<TState, TEvent>(Guid streamId, TEvent[] events, Guid? once) : Typed<TState, TEvent>(streamId, once)
        where TState : class, IAggregate<TState, TEvent> where TEvent : class
    {
        internal override bool Blind => true;
        internal override IReadOnlyList<object> Decide(object state) => events;
    }
}

/// <summary>What became of a write.</summary>
/// <param name="Version">The stream's version after it; 0 where it was not loaded (an <see cref="Write.Append"/>, a duplicate).</param>
/// <param name="Events">The facts that were recorded; empty when there was nothing to do.</param>
/// <param name="Duplicate">Its <see cref="Write.Once"/> was seen before: nothing was done this time.</param>
/// <param name="Refused">The business rule that it would have broken, where refusals were asked for as results.</param>
public sealed record WriteResult(Guid StreamId, long Version, IReadOnlyList<object> Events, bool Duplicate = false, RuleViolationException? Refused = null);
