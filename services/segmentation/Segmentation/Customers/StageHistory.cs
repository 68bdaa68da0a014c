namespace CrmPlatform.Segmentation.Customers;

/// <summary>Every stage that a customer was in, so that stages can be counted as of a day.</summary>
public sealed class StageHistory : IProjection
{
    public string Name => "lifecycle-stages";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public string Ddl =>
        """
            create table if not exists lifecycle_stage (
                customer_id uuid not null, seq bigint not null, stage text not null, occurred_at timestamptz not null,
                primary key (customer_id, seq));
            """;

    public void Register(EventHandlers on) =>
        on.OnPage<LifecycleStageChanged>(
            (page, sql) =>
                sql.Add(
                    """
                    insert into lifecycle_stage (customer_id, seq, stage, occurred_at)
                    select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::timestamptz[]) on conflict do nothing
                    """,
                    page.Select(e => e.StreamId).ToArray(),
                    page.Select(e => e.Sequence).ToArray(),
                    page.Select(e => ((LifecycleStageChanged)e.Data).To.ToString()).ToArray(),
                    page.Select(e => ((LifecycleStageChanged)e.Data).OccurredAt).ToArray()
                )
        );
}
