using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Activities;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Measures;

/// <summary>
/// What happened to all members, by business time: narrow tables that only grow (save for when a member has joined, which an import may
/// tell better), so every measure can be asked as of any instant. Each row names its event. Nothing is folded here: which points a lot has
/// left, when it expires and who has which tier as of an instant is for the question to say, in the order of the log, as the account's own
/// fold does.
/// </summary>
public sealed partial class MeasureView : IProjection
{
    public string Name => "measures";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public string Ddl => MeasureTables.Ddl;

    readonly Business business;

    public MeasureView(LoyaltyRules rules) => business = rules.Business;

    public void Register(EventHandlers on) =>
        on.OnPage<IAccountEvent, MemberAttended>(
            (page, sql) =>
            {
                Members(page, sql);
                Purchases(page, sql);
                Lots([.. page.SelectMany(LotMade.Of)], page, sql);
                Moves([.. page.SelectMany(Move.Of)], sql);
            }
        );

    void Members(IReadOnlyList<RecordedEvent> page, SqlBatch batch)
    {
        const string Columns = "$1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::timestamptz[], $6::date[], $7::date[]";
        var (opened, imported) = (Joined<AccountOpened>(page, f => f.OccurredAt), Joined<MemberImported>(page, f => f.JoinedAt));
        Insert(
            batch,
            "measure_member (customer_id, seq, event_id, version, joined_at, joined_on, cohort)",
            Columns,
            opened.Length,
            opened.Columns
        );
        // Into an account that was opened before, in the same page perhaps.
        if (imported.Length > 0)
            batch.Add(
                $"""
                update measure_member m
                set seq = i.seq, event_id = i.event_id, version = i.version,
                    joined_at = i.joined_at, joined_on = i.joined_on, cohort = i.cohort
                from unnest({Columns}) i(customer_id, seq, event_id, version, joined_at, joined_on, cohort)
                where m.customer_id = i.customer_id and i.joined_at < m.joined_at
                """,
                imported.Columns
            );
        var tiers = (
            from e in page
            let tier = e.Data switch
            {
                AccountOpened fact => (fact.Tier, fact.OccurredAt),
                TierChanged fact => (Tier: fact.To, fact.OccurredAt),
                TierKept fact => (fact.Tier, fact.OccurredAt),
                TierAssigned fact => (Tier: fact.To, fact.OccurredAt),
                _ => default,
            }
            where tier.Tier is not null
            select (Event: e, tier.Tier, tier.OccurredAt)
        ).ToList();
        Insert(
            batch,
            "measure_tier (customer_id, seq, tier, occurred_at)",
            "$1::uuid[], $2::bigint[], $3::text[], $4::timestamptz[]",
            tiers.Count,
            All(tiers, t => t.Event.StreamId),
            All(tiers, t => t.Event.Sequence),
            All(tiers, t => t.Tier),
            All(tiers, t => t.OccurredAt)
        );
        var acts = page.SelectMany(Act.Of).ToList();
        Insert(
            batch,
            "measure_act (seq, event_id, stream_id, customer_id, version, kind, occurred_at)",
            "$1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::timestamptz[]",
            acts.Count,
            All(acts, a => a.Event.Sequence),
            All(acts, a => a.Event.Id),
            All(acts, a => a.Event.StreamId),
            All(acts, a => a.CustomerId),
            All(acts, a => a.Event.Version),
            All(acts, a => a.Kind),
            All(acts, a => a.OccurredAt)
        );
    }

    (int Length, object?[] Columns) Joined<T>(IReadOnlyList<RecordedEvent> page, Func<T, DateTimeOffset> at)
    {
        var all = Of<T>(page);
        return (
            all.Count,
            [
                All(all, f => f.Event.StreamId),
                All(all, f => f.Event.Sequence),
                All(all, f => f.Event.Id),
                All(all, f => f.Event.Version),
                All(all, f => at(f.Fact)),
                All(all, f => business.DayOf(at(f.Fact))),
                All(all, f => business.DayOf(at(f.Fact)) is var day ? new DateOnly(day.Year, day.Month, 1) : default),
            ]
        );
    }

    static void Purchases(IReadOnlyList<RecordedEvent> page, SqlBatch batch)
    {
        const string Columns = "$1::bigint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::uuid[], $6::numeric[], $7::timestamptz[]";
        var (bought, returned) = (Of<PurchaseCounted>(page), Of<ReturnCounted>(page));
        Insert(
            batch,
            "measure_purchase (seq, event_id, customer_id, version, purchase_id, net, occurred_at)",
            Columns,
            bought.Count,
            All(bought, f => f.Event.Sequence),
            All(bought, f => f.Event.Id),
            All(bought, f => f.Event.StreamId),
            All(bought, f => f.Event.Version),
            All(bought, f => f.Fact.PurchaseId),
            All(bought, f => f.Fact.Net),
            All(bought, f => f.Fact.OccurredAt)
        );
        Insert(
            batch,
            "measure_return (seq, event_id, customer_id, version, purchase_id, net, occurred_at)",
            Columns,
            returned.Count,
            All(returned, f => f.Event.Sequence),
            All(returned, f => f.Event.Id),
            All(returned, f => f.Event.StreamId),
            All(returned, f => f.Event.Version),
            All(returned, f => f.Fact.PurchaseId),
            All(returned, f => f.Fact.Net),
            All(returned, f => f.Fact.OccurredAt)
        );
    }

    static void Insert(SqlBatch batch, string into, string arrays, int count, params ReadOnlySpan<object?> columns)
    {
        if (count > 0)
            batch.Add($"insert into {into} select * from unnest({arrays})", columns);
    }

    static List<(RecordedEvent Event, T Fact)> Of<T>(IReadOnlyList<RecordedEvent> page) =>
        [.. from e in page where e.Data is T select (e, (T)e.Data)];

    static TColumn[] All<TRow, TColumn>(List<TRow> rows, Func<TRow, TColumn> column) => [.. rows.Select(column)];
}
