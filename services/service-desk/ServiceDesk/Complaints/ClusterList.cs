namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>View with one row per cluster.</summary>
public sealed class ClusterList : IProjection
{
    public string Name => "complaint-clusters";

    public string Ddl =>
        """
            create table if not exists complaint_clusters (
                cluster_id uuid not null, category text not null, cause text not null, from_at timestamptz not null,
                until_at timestamptz not null, found_at timestamptz not null, primary key (cluster_id, from_at));
            """;

    public void Register(EventHandlers on) =>
        on.On<ClusterFound>(
            (c, e, sql) =>
                sql.Add(
                    """
                    insert into complaint_clusters (cluster_id, category, cause, from_at, until_at, found_at)
                    values ($1, $2, $3, $4, $5, $6)
                    """,
                    e.StreamId,
                    c.Category,
                    c.Cause,
                    c.From,
                    c.Until,
                    c.OccurredAt
                )
        );
}
