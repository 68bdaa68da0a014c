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
public sealed class MeasureView : IProjection
{
    public string Name => "measures";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public string Ddl =>
        """
            create table if not exists measure_member (
                customer_id uuid primary key, seq bigint not null, event_id uuid not null, version bigint not null, joined_at timestamptz not null, joined_on date not null, cohort date not null);
            create table if not exists measure_tier (
                customer_id uuid not null, seq bigint not null, tier text not null, occurred_at timestamptz not null, primary key (customer_id, seq));
            create table if not exists measure_purchase (
                seq bigint primary key, event_id uuid not null, customer_id uuid not null, version bigint not null, purchase_id uuid not null, net numeric not null, occurred_at timestamptz not null);
            create index if not exists measure_purchase_of_customer on measure_purchase (customer_id, occurred_at, seq);
            create table if not exists measure_return (
                seq bigint primary key, event_id uuid not null, customer_id uuid not null, version bigint not null, purchase_id uuid not null, net numeric not null, occurred_at timestamptz not null);
            create index if not exists measure_return_of_purchase on measure_return (customer_id, purchase_id);
            create table if not exists measure_act (
                seq bigint primary key, event_id uuid not null, stream_id uuid not null, customer_id uuid not null, version bigint not null, kind text not null, occurred_at timestamptz not null);
            create index if not exists measure_act_of_customer on measure_act (customer_id, occurred_at, seq);
            create table if not exists measure_lot (
                lot_id uuid primary key, customer_id uuid not null, seq bigint not null, event_id uuid not null, version bigint not null, net numeric not null,
                earned_at timestamptz not null, occurred_at timestamptz not null, expires_at timestamptz not null, active_from timestamptz, awaits boolean not null, slides boolean not null);
            create index if not exists measure_lot_waiting on measure_lot (active_from) where active_from is not null;
            create table if not exists measure_unlock (lot_id uuid primary key, seq bigint not null, expires_at timestamptz not null, occurred_at timestamptz not null);
            create table if not exists measure_touch (
                customer_id uuid not null, seq bigint not null, expires_at timestamptz not null, occurred_at timestamptz not null, primary key (customer_id, seq));
            create table if not exists measure_claim (lot_id uuid not null, seq bigint not null, refunded numeric not null, occurred_at timestamptz not null, primary key (lot_id, seq));
            create table if not exists measure_move (
                seq bigint not null, n int not null, event_id uuid not null, customer_id uuid not null, version bigint not null, lot_id uuid, kind text not null, points bigint not null,
                occurred_at timestamptz not null, primary key (seq, n));
            create index if not exists measure_move_of_lot on measure_move (lot_id) include (occurred_at, points, kind) where lot_id is not null;
            create index if not exists measure_move_of_debt on measure_move (customer_id) include (occurred_at, points) where lot_id is null;
            """;

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
        Insert(batch, "measure_member", Columns, opened.Length, opened.Columns);
        // Into an account that was opened before, in the same page perhaps.
        if (imported.Length > 0)
            batch.Add(
                $"""
                update measure_member m set seq = i.seq, event_id = i.event_id, version = i.version, joined_at = i.joined_at, joined_on = i.joined_on, cohort = i.cohort
                from unnest({Columns}) i(customer_id, seq, event_id, version, joined_at, joined_on, cohort) where m.customer_id = i.customer_id and i.joined_at < m.joined_at
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
            "measure_tier",
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
            "measure_act",
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
            "measure_purchase",
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
            "measure_return",
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

    static void Lots(List<LotMade> lots, IReadOnlyList<RecordedEvent> page, SqlBatch batch)
    {
        Insert(
            batch,
            "measure_lot",
            "$1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::bigint[], $6::numeric[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::boolean[], $12::boolean[]",
            lots.Count,
            All(lots, l => l.LotId),
            All(lots, l => l.Event.StreamId),
            All(lots, l => l.Event.Sequence),
            All(lots, l => l.Event.Id),
            All(lots, l => l.Event.Version),
            All(lots, l => l.Net),
            All(lots, l => l.EarnedAt),
            All(lots, l => l.OccurredAt),
            All(lots, l => l.ExpiresAt),
            All(lots, l => l.ActiveFrom),
            All(lots, l => l.Awaits),
            All(lots, l => l.Slides)
        );
        var unlocked = Of<PointsUnlocked>(page);
        Insert(
            batch,
            "measure_unlock",
            "$1::uuid[], $2::bigint[], $3::timestamptz[], $4::timestamptz[]",
            unlocked.Count,
            All(unlocked, f => f.Fact.LotId),
            All(unlocked, f => f.Event.Sequence),
            All(unlocked, f => f.Fact.ExpiresAt),
            All(unlocked, f => f.Fact.OccurredAt)
        );
        var touched = Of<ExpiryMoved>(page);
        Insert(
            batch,
            "measure_touch",
            "$1::uuid[], $2::bigint[], $3::timestamptz[], $4::timestamptz[]",
            touched.Count,
            All(touched, f => f.Event.StreamId),
            All(touched, f => f.Event.Sequence),
            All(touched, f => f.Fact.ExpiresAt),
            All(touched, f => f.Fact.OccurredAt)
        );
        var claimed = Of<PointsReversed>(page);
        Insert(
            batch,
            "measure_claim",
            "$1::uuid[], $2::bigint[], $3::numeric[], $4::timestamptz[]",
            claimed.Count,
            All(claimed, f => f.Fact.LotId),
            All(claimed, f => f.Event.Sequence),
            All(claimed, f => f.Fact.Refunded),
            All(claimed, f => f.Fact.OccurredAt)
        );
    }

    static void Moves(List<Move> moves, SqlBatch batch) =>
        Insert(
            batch,
            "measure_move",
            "$1::bigint[], $2::int[], $3::uuid[], $4::uuid[], $5::bigint[], $6::uuid[], $7::text[], $8::bigint[], $9::timestamptz[]",
            moves.Count,
            All(moves, m => m.Event.Sequence),
            All(moves, m => m.N),
            All(moves, m => m.Event.Id),
            All(moves, m => m.Event.StreamId),
            All(moves, m => m.Event.Version),
            All(moves, m => m.LotId),
            All(moves, m => m.Kind),
            All(moves, m => m.Points),
            All(moves, m => m.OccurredAt)
        );

    static void Insert(SqlBatch batch, string table, string arrays, int count, params ReadOnlySpan<object?> columns)
    {
        if (count > 0)
            batch.Add($"insert into {table} select * from unnest({arrays})", columns);
    }

    static List<(RecordedEvent Event, T Fact)> Of<T>(IReadOnlyList<RecordedEvent> page) =>
        [.. from e in page where e.Data is T select (e, (T)e.Data)];

    static TColumn[] All<TRow, TColumn>(List<TRow> rows, Func<TRow, TColumn> column) => [.. rows.Select(column)];
}
