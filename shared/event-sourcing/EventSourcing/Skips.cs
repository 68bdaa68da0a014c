using System.Collections.Immutable;

namespace CrmPlatform.EventSourcing;

interface IFollowerFact;

/// <summary>
/// An operator has decided that a follower skips an event that it cannot process. Who decided it, and when, is in the metadata.
/// </summary>
/// <param name="Type">The stored name of the skipped event.</param>
sealed record FollowerSkipped(string Follower, long Sequence, string Type, string Why) : IFollowerFact;

/// <summary>The skipped events of all followers of this log, in one stream.</summary>
sealed record Skips(ImmutableHashSet<(string Follower, long Sequence)> Passed) : IAggregate<Skips, IFollowerFact>
{
    /// <summary>
    /// For a follower or rebuild (named $1) that cannot process the first event after $2: the event's sequence, and 1 if it is to be
    /// skipped.
    /// </summary>
    public const string Asked = """
        select e.seq_id, exists (select 1 from mt_events s where s.stream_id = '00000000-0000-8000-8000-666f6c6c6f77'
            and s.data ->> 'follower' = $1 and (s.data ->> 'sequence')::bigint = e.seq_id)::int::bigint as passed
        from mt_events e where e.seq_id > $2 and e.type <> 'tombstone' order by e.seq_id limit 1
        """;

    public static readonly Stream<Skips, IFollowerFact> Of = new(new("00000000-0000-8000-8000-666f6c6c6f77"));

    public static Skips Initial { get; } = new(ImmutableHashSet<(string, long)>.Empty);

    public IFollowerFact[] Decide(FollowerSkipped skip, bool stuck) =>
        Passed.Contains((skip.Follower, skip.Sequence)) ? []
        : stuck ? [skip]
        : throw new RuleViolationException(
            "follower-not-stuck",
            $"{skip.Follower} is not stuck at event {skip.Sequence}: only an event that a follower is stuck at can be skipped.",
            "sequence"
        );

    public Skips Evolve(IFollowerFact e) => e is FollowerSkipped s ? new(Passed.Add((s.Follower, s.Sequence))) : this;
}
