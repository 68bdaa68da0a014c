namespace CrmPlatform.Customers.Identity;

/// <summary>The queue of candidates.</summary>
public sealed class CandidateView : IProjection
{
    public string Name => "match-candidates";

    public string Ddl =>
        """
            create table if not exists match_candidates (
                id uuid primary key, first uuid not null, second uuid not null, status text not null, reason text not null,
                weight float8 not null, probability float8 not null, suggested_at timestamptz not null, version bigint not null);
            create index if not exists match_candidates_queue on match_candidates (status, (-weight), suggested_at, id);
            create index if not exists match_candidates_first on match_candidates (first);
            create index if not exists match_candidates_second on match_candidates (second)
            """;

    public void Register(EventHandlers on) =>
        on.On<MatchSuggested>(
                (s, e, sql) =>
                    sql.Add(
                        """
                        insert into match_candidates (id, first, second, status, reason, weight, probability, suggested_at, version)
                        values ($1, $2, $3, 'Open', $4, $5, $6, $7, $8)
                        on conflict (id) do update set status = excluded.status, reason = excluded.reason, weight = excluded.weight,
                            probability = excluded.probability, suggested_at = excluded.suggested_at, version = excluded.version
                        """,
                        e.StreamId,
                        s.First,
                        s.Second,
                        s.Reason,
                        s.Weight,
                        s.Probability,
                        s.OccurredAt,
                        e.Version
                    )
            )
            .On<MatchRejected>((_, e, sql) => Close(CandidateStatus.Rejected, e, sql))
            .On<MatchConfirmed>((_, e, sql) => Close(CandidateStatus.Confirmed, e, sql))
            .On<MatchSeparated>((_, e, sql) => Close(CandidateStatus.Rejected, e, sql))
            .On<MatchWithdrawn>((_, e, sql) => Close(CandidateStatus.Withdrawn, e, sql));

    static void Close(CandidateStatus status, RecordedEvent e, SqlBatch sql) =>
        sql.Add("update match_candidates set status = $2, version = $3 where id = $1", e.StreamId, status, e.Version);
}
