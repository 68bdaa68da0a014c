namespace CrmPlatform.EventSourcing;

/// <summary>
/// One decision about one or several streams: all of its events are recorded, or none. Many writes may be executed in one transaction.
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

    /// <summary>Id of the message that it answers to. A write whose message was already executed does nothing.</summary>
    public Guid? Once { get; private set; }

    /// <summary>The metadata of its events; null for that of the <see cref="Request"/>.</summary>
    public EventMetadata? Metadata { get; private set; }

    /// <summary>If it once decides to do nothing, it always will: then a cached state is enough, even if it is stale.</summary>
    public bool NothingLasts { get; private set; }

    /// <summary>
    /// Declares that <see cref="NothingLasts"/>, as for a recorded "first", "highest" or "has ended" that later events do not revoke.
    /// </summary>
    public Write WhereNothingLasts()
    {
        NothingLasts = true;
        return this;
    }

    /// <summary>Gives the id of the message that the write answers to, and the metadata of its events.</summary>
    public Write ButOnce(Guid? messageId, EventMetadata? metadata = null)
    {
        (Once, Metadata) = (messageId, metadata);
        return this;
    }

    /// <summary>Gives the metadata of its events.</summary>
    public Write From(EventMetadata metadata)
    {
        Metadata = metadata;
        return this;
    }

    /// <summary>A decision about one stream. Several on the same stream are made in the order of the list.</summary>
    /// <param name="stream">Its version is checked even if nothing is decided.</param>
    /// <param name="decide">It must be pure: it may be called more than once.</param>
    public static Write To<TS, TE>(Stream<TS, TE> stream, Func<TS, TE[]> decide) =>
        new(
            [stream.Key],
            (s, why) =>
            {
                foreach (var e in decide((TS)s[0].State))
                    s[0].Apply(e!, why);
            }
        );

    /// <summary>A decision about several streams. The version in its result is that of the first.</summary>
    public static Write To<TS1, TE1, TS2, TE2>(
        Stream<TS1, TE1> first,
        Stream<TS2, TE2> second,
        Action<Loaded<TS1, TE1>, Loaded<TS2, TE2>> decide
    ) => new([first.Key, second.Key], (s, why) => decide(new(s[0], why), new(s[1], why)));

    /// <inheritdoc cref="To{TS1,TE1,TS2,TE2}(Stream{TS1,TE1},Stream{TS2,TE2},Action{Loaded{TS1,TE1},Loaded{TS2,TE2}})"/>
    public static Write To<TS1, TE1, TS2, TE2, TS3, TE3>(
        Stream<TS1, TE1> first,
        Stream<TS2, TE2> second,
        Stream<TS3, TE3> third,
        Action<Loaded<TS1, TE1>, Loaded<TS2, TE2>, Loaded<TS3, TE3>> decide
    ) => new([first.Key, second.Key, third.Key], (s, why) => decide(new(s[0], why), new(s[1], why), new(s[2], why)));

    /// <inheritdoc cref="To{TS1,TE1,TS2,TE2}(Stream{TS1,TE1},Stream{TS2,TE2},Action{Loaded{TS1,TE1},Loaded{TS2,TE2}})"/>
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

    /// <summary>A decision about four streams and any number of streams of another kind, in the order of the list.</summary>
    public static Write To<TS1, TE1, TS2, TE2, TS3, TE3, TS4, TE4, TS5, TE5>(
        Stream<TS1, TE1> first,
        Stream<TS2, TE2> second,
        Stream<TS3, TE3> third,
        Stream<TS4, TE4> fourth,
        IReadOnlyList<Stream<TS5, TE5>> others,
        Action<Loaded<TS1, TE1>, Loaded<TS2, TE2>, Loaded<TS3, TE3>, Loaded<TS4, TE4>, IReadOnlyList<Loaded<TS5, TE5>>> decide
    ) =>
        new(
            [first.Key, second.Key, third.Key, fourth.Key, .. others.Select(o => o.Key)],
            (s, why) =>
                decide(
                    new(s[0], why),
                    new(s[1], why),
                    new(s[2], why),
                    new(s[3], why),
                    [.. s.Skip(4).Select(other => new Loaded<TS5, TE5>(other, why))]
                )
        );

    /// <summary>
    /// A decision about one stream and any number of streams of another kind, in the order of the list. The version in its result is that
    /// of the first.
    /// </summary>
    public static Write To<TS1, TE1, TS2, TE2>(
        Stream<TS1, TE1> first,
        IReadOnlyList<Stream<TS2, TE2>> others,
        Action<Loaded<TS1, TE1>, IReadOnlyList<Loaded<TS2, TE2>>> decide
    ) =>
        new(
            [first.Key, .. others.Select(o => o.Key)],
            (s, why) => decide(new(s[0], why), [.. s.Skip(1).Select(other => new Loaded<TS2, TE2>(other, why))])
        );

    /// <summary>A decision about two streams and any number of streams of another kind, in the order of the list.</summary>
    public static Write To<TS1, TE1, TS2, TE2, TS3, TE3>(
        Stream<TS1, TE1> first,
        Stream<TS2, TE2> second,
        IReadOnlyList<Stream<TS3, TE3>> others,
        Action<Loaded<TS1, TE1>, Loaded<TS2, TE2>, IReadOnlyList<Loaded<TS3, TE3>>> decide
    ) =>
        new(
            [first.Key, second.Key, .. others.Select(o => o.Key)],
            (s, why) => decide(new(s[0], why), new(s[1], why), [.. s.Skip(2).Select(other => new Loaded<TS3, TE3>(other, why))])
        );

    /// <summary>A decision about any number of streams of three kinds. The version in its result is that of the first.</summary>
    public static Write To<TS1, TE1, TS2, TE2, TS3, TE3>(
        IReadOnlyList<Stream<TS1, TE1>> ones,
        IReadOnlyList<Stream<TS2, TE2>> seconds,
        IReadOnlyList<Stream<TS3, TE3>> thirds,
        Action<IReadOnlyList<Loaded<TS1, TE1>>, IReadOnlyList<Loaded<TS2, TE2>>, IReadOnlyList<Loaded<TS3, TE3>>> decide
    ) =>
        new(
            [.. ones.Select(o => o.Key), .. seconds.Select(o => o.Key), .. thirds.Select(o => o.Key)],
            (s, why) =>
                decide(
                    [.. s.Take(ones.Count).Select(x => new Loaded<TS1, TE1>(x, why))],
                    [.. s.Skip(ones.Count).Take(seconds.Count).Select(x => new Loaded<TS2, TE2>(x, why))],
                    [.. s.Skip(ones.Count + seconds.Count).Select(x => new Loaded<TS3, TE3>(x, why))]
                )
        );

    /// <summary>A blind append: it neither loads the stream nor checks its version, so it never conflicts.</summary>
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
/// <param name="Version">The version of that stream afterwards; 0 if it was not loaded (an <see cref="Write.Append"/>, a
/// duplicate).</param>
/// <param name="Events">The events that were recorded, in all of its streams; empty when there was nothing to do.</param>
/// <param name="Duplicate">Its message was executed before: this time nothing was done.</param>
/// <param name="Refused">The rule that refused it, if refusals were requested as results.</param>
public sealed record WriteResult(
    Guid StreamId,
    long Version,
    IReadOnlyList<object> Events,
    bool Duplicate = false,
    RuleViolationException? Refused = null
);
