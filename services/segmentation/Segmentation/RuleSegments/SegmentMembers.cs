using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>Who is in which rule segment, and every change of that; nothing of who was forgotten.</summary>
public sealed class SegmentMembers : IProjection
{
    public string Name => "segment-members";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(10);

    public string Ddl =>
        """
            create table if not exists segment_changes (
                seq bigint primary key, code text not null, customer_id uuid not null, entered bool not null, version int not null,
                cause text not null, reason text not null, held bool not null, occurred_at timestamptz not null, event_id uuid not null);
            create index if not exists segment_changes_code on segment_changes (code, occurred_at, seq);
            create index if not exists segment_changes_customer on segment_changes (customer_id, code, occurred_at, seq);
            create table if not exists segment_members (
                code text not null, customer_id uuid not null, since timestamptz not null, version int not null, cause text not null,
                reason text not null, held bool not null, event_id uuid not null, primary key (code, customer_id));
            create index if not exists segment_members_customer on segment_members (customer_id);
            """;

    public void Register(EventHandlers on) => on.OnPage<IMembershipEvent, PersonalDataErased>(Add);

    static void Add(IReadOnlyList<RecordedEvent> page, SqlBatch sql)
    {
        var changes = page.Where(e => e.Data is IMembershipEvent).Select(e => (About: e, Fact: (IMembershipEvent)e.Data)).ToList();
        sql.Add(
            """
            insert into segment_changes (seq, code, customer_id, entered, version, cause, reason, held, occurred_at, event_id)
            select * from unnest($1::bigint[], $2::text[], $3::uuid[], $4::bool[], $5::int[], $6::text[], $7::text[], $8::bool[],
                $9::timestamptz[], $10::uuid[]) on conflict do nothing
            """,
            All(c => c.About.Sequence),
            All(c => c.Fact.Code),
            All(c => c.Fact.CustomerId),
            All(c => c.Fact is RuleSegmentEntered),
            All(c => c.Fact.Version),
            All(c => c.Fact.Cause),
            All(c => c.Fact.Reason),
            All(c => c.Fact is RuleSegmentEntered { Held: true }),
            All(c => c.Fact.OccurredAt),
            All(c => c.About.Id)
        );
        var last = changes.GroupBy(c => (c.Fact.Code, c.Fact.CustomerId)).Select(c => c.Last()).ToList();
        var left = last.Where(c => c.Fact is RuleSegmentLeft).ToList();
        sql.Add(
            """
            delete from segment_members m using unnest($1::text[], $2::uuid[]) l(code, customer_id)
            where (m.code, m.customer_id) = (l.code, l.customer_id)
            """,
            left.Select(c => c.Fact.Code).ToArray(),
            left.Select(c => c.Fact.CustomerId).ToArray()
        );
        var entered = last.Where(c => c.Fact is RuleSegmentEntered).ToList();
        sql.Add(
            """
            insert into segment_members (code, customer_id, since, version, cause, reason, held, event_id)
            select * from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::int[], $5::text[], $6::text[], $7::bool[], $8::uuid[])
            on conflict (code, customer_id) do update set (since, version, cause, reason, held, event_id) =
                (excluded.since, excluded.version, excluded.cause, excluded.reason, excluded.held, excluded.event_id)
            """,
            entered.Select(c => c.Fact.Code).ToArray(),
            entered.Select(c => c.Fact.CustomerId).ToArray(),
            entered.Select(c => c.Fact.OccurredAt).ToArray(),
            entered.Select(c => c.Fact.Version).ToArray(),
            entered.Select(c => c.Fact.Cause).ToArray(),
            entered.Select(c => c.Fact.Reason).ToArray(),
            entered.Select(c => ((RuleSegmentEntered)c.Fact).Held).ToArray(),
            entered.Select(c => c.About.Id).ToArray()
        );
        var forgotten = page.Where(e => e.Data is PersonalDataErased).Select(e => e.StreamId).ToArray();
        if (forgotten.Length > 0)
        {
            sql.Add("delete from segment_members where customer_id = any($1)", forgotten);
            sql.Add("delete from segment_changes where customer_id = any($1)", forgotten);
        }

        T[] All<T>(Func<(RecordedEvent About, IMembershipEvent Fact), T> column) => [.. changes.Select(column)];
    }
}
