namespace CrmPlatform.EventSourcing;

/// <summary>
/// One decision about one stream or several, to be executed with others in one transaction: all of its events are recorded, or none.
/// </summary>
public sealed class Write
{
    readonly Action<IReadOnlyList<Attempt.Stream>, EventMetadata> decide;

    Write(IReadOnlyList<StreamKey> streams, Action<IReadOnlyList<Attempt.Stream>, EventMetadata> decide, bool blind = false) =>
        (Streams, this.decide, Blind) = (streams, decide, blind);

    internal IReadOnlyList<StreamKey> Streams { get; }
    internal bool Blind { get; }

    /// <summary>The first of its streams.</summary>
    public Guid StreamId => Streams[0].Id;

    /// <summary>Id of the message behind it: writes that carry an id already seen do nothing.</summary>
    public Guid? Once { get; private set; }

    /// <summary>Why its events are there; null takes that of the <see cref="Request"/>.</summary>
    public EventMetadata? Metadata { get; private set; }

    /// <summary>Where it decides nothing it would decide nothing ever after: such a decision needs no look at the log.</summary>
    public bool NothingLasts { get; private set; }

    /// <summary>
    /// Says that <see cref="NothingLasts"/>: for a noted "first", "highest" or "has ended", which most that happens later does not change.
    /// </summary>
    public Write WhereNothingLasts()
    {
        NothingLasts = true;
        return this;
    }

    /// <summary>Stamps the id of the message that the write answers to, and what its events say of their cause.</summary>
    public Write ButOnce(Guid? messageId, EventMetadata? metadata = null)
    {
        (Once, Metadata) = (messageId, metadata);
        return this;
    }

    /// <summary>Load, decide, append. Decisions about one stream follow one another in the order of the list.</summary>
    /// <param name="stream">It is locked or checked, also where nothing is decided.</param>
    /// <param name="decide">Pure: it may run more than once.</param>
    public static Write To<TS, TE>(Stream<TS, TE> stream, Func<TS, TE[]> decide) =>
        new(
            [stream.Key],
            (s, why) =>
            {
                foreach (var e in decide((TS)s[0].State))
                    s[0].Apply(e!, why);
            }
        );

    /// <summary>A decision about two streams. Its result has the version of the first.</summary>
    public static Write To<TS1, TE1, TS2, TE2>(
        Stream<TS1, TE1> first,
        Stream<TS2, TE2> second,
        Action<Loaded<TS1, TE1>, Loaded<TS2, TE2>> decide
    ) => new([first.Key, second.Key], (s, why) => decide(new(s[0], why), new(s[1], why)));

    /// <inheritdoc cref="To{TS1,TE1,TS2,TE2}"/>
    public static Write To<TS1, TE1, TS2, TE2, TS3, TE3>(
        Stream<TS1, TE1> first,
        Stream<TS2, TE2> second,
        Stream<TS3, TE3> third,
        Action<Loaded<TS1, TE1>, Loaded<TS2, TE2>, Loaded<TS3, TE3>> decide
    ) => new([first.Key, second.Key, third.Key], (s, why) => decide(new(s[0], why), new(s[1], why), new(s[2], why)));

    /// <inheritdoc cref="To{TS1,TE1,TS2,TE2}"/>
    public static Write To<TS1, TE1, TS2, TE2, TS3, TE3, TS4, TE4>(
        Stream<TS1, TE1> first,
        Stream<TS2, TE2> second,
        Stream<TS3, TE3> third,
        Stream<TS4, TE4> fourth,
        Action<Loaded<TS1, TE1>, Loaded<TS2, TE2>, Loaded<TS3, TE3>, Loaded<TS4, TE4>> decide
    ) =>
        new(
            [first.Key, second.Key, third.Key, fourth.Key],
            (s, why) => decide(new(s[0], why), new(s[1], why), new(s[2], why), new(s[3], why))
        );

    /// <summary>Appends without loading and without a version check, to streams that only note what happened. Never conflicts.</summary>
    public static Write Append<TS, TE>(Stream<TS, TE> stream, params TE[] events) =>
        new(
            [stream.Key],
            (s, why) =>
            {
                foreach (var e in events)
                    s[0].Apply(e!, why);
            },
            blind: true
        );

    internal void Decide(IReadOnlyList<Attempt.Stream> streams, EventMetadata metadata) => decide(streams, Metadata ?? metadata);
}

/// <summary>What became of a write.</summary>
/// <param name="StreamId">The first of its streams.</param>
/// <param name="Version">The version of that stream after it; 0 where it was not loaded (an <see cref="Write.Append"/>, a
/// duplicate).</param>
/// <param name="Events">What was recorded, in all of its streams; empty when there was nothing to do.</param>
/// <param name="Duplicate">Its <see cref="Write.Once"/> was seen before: nothing was done this time.</param>
/// <param name="Refused">The business rule that it would have broken, where refusals were asked for as results.</param>
public sealed record WriteResult(
    Guid StreamId,
    long Version,
    IReadOnlyList<object> Events,
    bool Duplicate = false,
    RuleViolationException? Refused = null
);
