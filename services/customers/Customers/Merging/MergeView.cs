namespace CrmPlatform.Customers.Merging;

/// <summary>All merges, also those that were undone.</summary>
public sealed class MergeView : IProjection
{
    public string Name => "merges";

    public string Ddl =>
        """
            create table if not exists merges (
                id uuid primary key, survivor uuid not null, merged uuid not null, reason text not null, made_by text not null,
                made_at timestamptz not null, undone_at timestamptz, undone_because text, version bigint not null);
            create index if not exists merges_time on merges (made_at, id);
            create index if not exists merges_survivor on merges (survivor);
            create index if not exists merges_merged on merges (merged)
            """;

    public void Register(EventHandlers on) =>
        on.On<MergeMade>(
                (m, e, sql) =>
                    sql.Add(
                        """
                        insert into merges (id, survivor, merged, reason, made_by, made_at, version) values ($1, $2, $3, $4, $5, $6, $7)
                        """,
                        e.StreamId,
                        m.Survivor,
                        m.Merged,
                        m.Reason,
                        m.By,
                        m.OccurredAt,
                        e.Version
                    )
            )
            .On<MergeUndone>(
                (m, e, sql) =>
                    sql.Add(
                        "update merges set (undone_at, undone_because, version) = ($2, $3, $4) where id = $1",
                        e.StreamId,
                        m.OccurredAt,
                        m.Reason,
                        e.Version
                    )
            );
}
