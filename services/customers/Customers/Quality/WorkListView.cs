namespace CrmPlatform.Customers.Quality;

/// <summary>The work lists: ids and codes only.</summary>
public sealed class WorkListView : IProjection
{
    public string Name => "quality-work-lists";

    public string Ddl =>
        """
            create table if not exists quality_work_lists (
                id uuid primary key, name text, rule text, band text, source text, customers uuid[] not null, made_at timestamptz not null,
                version bigint not null)
            """;

    public void Register(EventHandlers on) =>
        on.On<WorkListMade>(
            (list, e, sql) =>
                sql.Add(
                    """
                    insert into quality_work_lists (id, name, rule, band, source, customers, made_at, version)
                    values ($1, $2, $3, $4, $5, $6, $7, $8)
                    """,
                    e.StreamId,
                    list.Name,
                    list.Rule,
                    list.Band,
                    list.Source,
                    list.Customers.ToArray(),
                    list.OccurredAt,
                    e.Version
                )
        );
}
