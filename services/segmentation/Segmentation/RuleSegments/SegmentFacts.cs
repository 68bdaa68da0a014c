using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>
/// All that rules know of each customer, in one row, with the instant when what is recorded of their memberships is first not what
/// holds any more: at once after a fact that changes one, later where time alone will.
/// </summary>
public sealed class SegmentFacts(SegmentBook book) : IProjection
{
    public string Name => "segment-facts";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(2);
    public TimeSpan RestUnderLoad => TimeSpan.FromMilliseconds(4);

    // told_at: the latest instant that was told, of all who are one. What is due later is due by time alone.
    public string Ddl =>
        """
            create table if not exists segment_facts (
                customer_id uuid primary key, survivor_id uuid, through bigint not null, told_at timestamptz, due_at timestamptz,
                facts bytea not null) with (fillfactor = 80);
            alter table segment_facts alter column facts set storage external;
            create index if not exists segment_facts_survivor on segment_facts (survivor_id) where survivor_id is not null;
            create index if not exists segment_facts_due on segment_facts (due_at) where due_at is not null;
            """;

    public void Register(EventHandlers on) => on.OnFold<ICustomerEvent, IMembershipEvent>(Fold);

    async Task Fold(IReadOnlyList<RecordedEvent> page, NpgsqlConnection connection, SqlBatch sql, CancellationToken ct)
    {
        var segments = await book.Refresh(connection, ct);
        var ids = page.Select(CustomerOf).Concat(page.Select(GroupOf).OfType<Guid>()).Distinct().ToArray();
        var rows = await FactRow.Around(connection, ids, ct);
        foreach (var e in page)
            Apply(e, rows);
        var survivors = rows.Values.Where(r => r.Changed).Select(r => r.SurvivorId ?? r.CustomerId).ToHashSet();
        var groups = rows.Values.Where(r => r.SurvivorId is not null).ToLookup(r => r.SurvivorId!.Value);
        var touched = rows.Values.Where(r => r.Changed || survivors.Contains(r.CustomerId)).ToLookup(r => r.Forgotten);
        Delete([.. touched[true]], sql);
        Write(
            [
                .. touched[false]
                    .Select(r =>
                        (r, r.With(groups[r.CustomerId]).Latest(), r.DueAt(groups[r.CustomerId], segments.Segments, segments.Spread))
                    ),
            ],
            sql
        );
    }

    static void Apply(RecordedEvent e, Dictionary<Guid, FactRow> rows)
    {
        // Calls for a judgement of groups come after what they are about, which has made the row.
        if (e.Data is JudgementDue due)
        {
            if (
                due.Cause is LifecycleRules.Merged or LifecycleRules.Separated
                && rows.GetValueOrDefault(due.SurvivorId ?? e.StreamId) is { } of
            )
            {
                of.Facts.Since = Instant.Of(due.OccurredAt);
                (of.Changed, of.AsksAll, of.Through) = (true, true, Math.Max(of.Through, e.Sequence));
            }
            return;
        }
        if (e.Data is ThresholdMoved or GradeSuspended or MembersCounted or SegmentEntered or SegmentLeft)
            return;
        var id = CustomerOf(e);
        if (!rows.TryGetValue(id, out var row))
            rows[id] = row = new(id);
        (row.Changed, row.Through) = (true, e.Sequence);
        var told = WhatIsTold(e.Data);
        row.Ordered |= told == Told.Order;
        row.AsksAll |= told == Told.Anything;
        switch (e.Data)
        {
            case PersonalDataErased:
                row.Forgotten = true;
                break;
            case GroupChanged group:
                row.SurvivorId = group.SurvivorId;
                row.Facts.Since = Instant.Of(group.OccurredAt);
                break;
            case IMembershipEvent change:
                MemberFacts.Add(row.Facts, Memberships.ChangeOf(change));
                break;
            default:
                FactFold.Apply(row.Facts, e.Data);
                break;
        }
    }

    /// <summary>Which segments are to be asked because of an event.</summary>
    internal static Told WhatIsTold(object @event) =>
        @event switch
        {
            PurchaseCounted => Told.Order,
            PageViewNoted or InteractionNoted or BreachNoted or SurveyNoted or RedemptionNoted or CouponUseNoted or AttendanceNoted =>
                Told.Happening,
            _ => Told.Anything,
        };

    static void Delete(FactRow[] rows, SqlBatch sql)
    {
        if (rows.Length > 0)
            sql.Add("delete from segment_facts where customer_id = any($1)", rows.Select(r => r.CustomerId).ToArray());
    }

    static void Write((FactRow Row, long Told, DateTimeOffset? Due)[] rows, SqlBatch sql)
    {
        if (rows.Length > 0)
            sql.Add(
                """
                insert into segment_facts (customer_id, survivor_id, through, told_at, due_at, facts)
                select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::bytea[])
                on conflict (customer_id) do update set (survivor_id, through, told_at, due_at, facts) =
                    (excluded.survivor_id, excluded.through, excluded.told_at, excluded.due_at, excluded.facts)
                """,
                rows.Select(r => r.Row.CustomerId).ToArray(),
                rows.Select(r => r.Row.SurvivorId).ToArray(),
                rows.Select(r => r.Row.Through).ToArray(),
                rows.Select(r => r.Told == long.MinValue ? null : Instant.Shown(r.Told)).ToArray(),
                rows.Select(r => r.Due).ToArray(),
                rows.Select(r => FactBytes.Write(r.Row.Facts)).ToArray()
            );
    }

    static Guid CustomerOf(RecordedEvent e) => e.Data is IMembershipEvent change ? change.CustomerId : e.StreamId;

    static Guid? GroupOf(RecordedEvent e) => (e.Data as JudgementDue)?.SurvivorId;
}

enum Told
{
    /// <summary>Something that changes nothing of what was told before: those are asked whose rules ask about it.</summary>
    Happening,

    /// <summary>As that, and all are asked whose rules ask about orders.</summary>
    Order,

    /// <summary>All are asked.</summary>
    Anything,
}
