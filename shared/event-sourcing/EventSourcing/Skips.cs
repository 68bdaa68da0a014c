using System.Collections.Immutable;

namespace CrmPlatform.EventSourcing;

interface IFollowerFact;

/// <summary>
/// An operator has decided that one follower may pass one event that it cannot process. Who and when are in the envelope.
/// </summary>
/// <param name="Type">The stored name of the event that is passed.</param>
sealed record FollowerSkipped(string Follower, long Sequence, string Type, string Why) : IFollowerFact;

/// <summary>What operators have decided for the followers of this log: one stream for all of them.</summary>
sealed record Skips(ImmutableHashSet<(string Follower, long Sequence)> Passed) : IAggregate<Skips, IFollowerFact>
{
    /// <summary>
    /// Where a follower or rebuild (its name is $1) that cannot process the first event after $2 asks whether it may pass it: its sequence,
    /// and 1 for yes.
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
            $"{skip.Follower} is not stuck at event {skip.Sequence}: only what a follower cannot process can be skipped.",
            "sequence"
        );

    public Skips Evolve(IFollowerFact e) => e is FollowerSkipped s ? new(Passed.Add((s.Follower, s.Sequence))) : this;
}
