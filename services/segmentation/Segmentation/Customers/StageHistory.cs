namespace CrmPlatform.Segmentation.Customers;

/// <summary>Every stage that a customer was in, as it was said, so that stages can be counted as of a day.</summary>
public sealed class StageHistory : IProjection
{
    public string Name => "lifecycle-stages-2";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public string Ddl =>
        """
            create table if not exists lifecycle_stage_2 (
                customer_id uuid not null, seq bigint not null, stage text not null, cause text not null, reason text,
                occurred_at timestamptz not null, primary key (customer_id, seq));
            create index if not exists lifecycle_stage_2_at on lifecycle_stage_2 (occurred_at);
            """;

    public void Register(EventHandlers on) =>
        on.OnPage<LifecycleStageChanged>(
            (page, sql) =>
            {
                var said = page.Select(e => (LifecycleStageChanged)e.Data).ToList();
                sql.Add(
                    """
                    insert into lifecycle_stage_2 (customer_id, seq, stage, cause, reason, occurred_at)
                    select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
                    on conflict do nothing
                    """,
                    page.Select(e => e.StreamId).ToArray(),
                    page.Select(e => e.Sequence).ToArray(),
                    said.Select(s => s.To.ToString()).ToArray(),
                    said.Select(s => s.Cause).ToArray(),
                    said.Select(s => s.Reason).ToArray(),
                    said.Select(s => s.OccurredAt).ToArray()
                );
            }
        );
}
