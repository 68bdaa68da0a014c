using System.Text.Json;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>Every segment with its draft and its published versions.</summary>
public sealed class SegmentTable : IProjection
{
    public string Name => "rule-segments";

    // version: that of the stream. The sum of all says whether a replica knows everything that was published.
    public string Ddl =>
        """
            create table if not exists rule_segments (code text primary key, status text not null, draft jsonb not null,
                versions jsonb not null default '[]', resumed_at timestamptz, paused_at timestamptz, withdrawn_at timestamptz,
                changed_at timestamptz not null, version bigint not null);
            create table if not exists segment_spread (one bool primary key check (one), version bigint not null);
            """;

    public void Register(EventHandlers on) =>
        on.OnPage<ISegmentEvent>(
            (page, sql) =>
            {
                foreach (var e in page)
                    Add(e, (ISegmentEvent)e.Data, sql);
            }
        );

    static void Add(RecordedEvent e, ISegmentEvent fact, SqlBatch sql)
    {
        const string changed = "changed_at = $2, version = $3";
        switch (fact)
        {
            case SegmentDrafted d:
                sql.Add(
                    """
                    insert into rule_segments (code, status, draft, changed_at, version) values ($1, 'Draft', $4::jsonb, $2, $3)
                    on conflict (code) do update set draft = excluded.draft, changed_at = $2, version = $3
                    """,
                    d.Code,
                    d.OccurredAt,
                    e.Version,
                    JsonSerializer.Serialize(d.Draft, EventStoreOptions.Json)
                );
                break;
            case SegmentPublished p:
                sql.Add(
                    $"update rule_segments set status = 'Published', versions = versions || $4::jsonb, {changed} where code = $1",
                    p.Code,
                    p.OccurredAt,
                    e.Version,
                    JsonSerializer.Serialize(p, EventStoreOptions.Json)
                );
                break;
            case SegmentPaused p:
                sql.Add(
                    $"update rule_segments set status = 'Paused', paused_at = $2, {changed} where code = $1",
                    p.Code,
                    p.OccurredAt,
                    e.Version
                );
                break;
            case SegmentResumed r:
                sql.Add(
                    $"update rule_segments set status = 'Published', resumed_at = $2, {changed} where code = $1",
                    r.Code,
                    r.OccurredAt,
                    e.Version
                );
                break;
            case SegmentWithdrawn w:
                sql.Add(
                    $"update rule_segments set status = 'Withdrawn', withdrawn_at = $2, {changed} where code = $1",
                    w.Code,
                    w.OccurredAt,
                    e.Version
                );
                break;
        }
    }
}
