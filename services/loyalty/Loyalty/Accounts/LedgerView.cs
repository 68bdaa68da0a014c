using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Accounts, lots, redemptions and adjustments as they are now, written with the facts themselves: who redeems sees it at once. No index
/// asks for <c>remaining</c>, only for whether anything is: else each point that is spent would leave its row in every index, and a busy
/// account grow slower with each.
/// </summary>
public sealed partial class LedgerView : IProjection
{
    public string Name => "ledger";

    public string Ddl =>
        """
            create table if not exists ledger_account (
                customer_id uuid primary key, tier text not null, opened_at timestamptz not null, qualifying bigint not null default 0,
                earned bigint not null default 0, redeemed bigint not null default 0,
                expired bigint not null default 0, reversed bigint not null default 0,
                debt bigint not null default 0, purchases int not null default 0,
                forgotten boolean not null default false, version bigint not null,
                transferred_in bigint not null default 0, transferred_out bigint not null default 0) with (fillfactor = 80);
            alter table ledger_account
                add column if not exists transferred_in bigint not null default 0,
                add column if not exists transferred_out bigint not null default 0;
            create index if not exists ledger_account_by_tier on ledger_account (tier, customer_id);
            create table if not exists ledger_lot (
                lot_id uuid primary key, customer_id uuid not null, purchase_id uuid, reference uuid,
                rule text not null, rule_version int not null,
                earned bigint not null, remaining bigint not null, earned_at timestamptz not null, expires_at timestamptz not null,
                active_from timestamptz, awaits text, slides int, due_at timestamptz,
                open boolean not null generated always as (remaining > 0) stored) with (fillfactor = 80);
            create index if not exists ledger_lot_of_customer on ledger_lot (customer_id) where open;
            create index if not exists ledger_lot_due on ledger_lot (due_at) where open;
            create table if not exists ledger_redemption (
                redemption_id uuid primary key, customer_id uuid not null, points bigint not null, purpose text not null,
                redeemed_at timestamptz not null, cancelled_at timestamptz);
            create index if not exists ledger_redemption_of_customer on ledger_redemption (customer_id);
            create table if not exists ledger_adjustment (
                adjustment_id uuid primary key, customer_id uuid not null, points bigint not null, reason text not null,
                status text not null,
                proposed_by text not null, decided_by text, noted_at timestamptz not null);
            create index if not exists ledger_adjustment_by_status on ledger_adjustment (status, adjustment_id);
            """;

    public void Register(EventHandlers on)
    {
        Account(on);
        Lots(on);
        Spending(on);
        Adjustments(on);
    }

    /// <summary>The account itself.</summary>
    static void Account(EventHandlers on) =>
        on.On<AccountOpened>(
                (fact, e, sql) =>
                    sql.Add(
                        """
                        insert into ledger_account (customer_id, tier, opened_at, version) values ($1, $2, $3, $4)
                        """,
                        e.StreamId,
                        fact.Tier,
                        fact.OccurredAt,
                        e.Version
                    )
            )
            .On<PurchaseCounted>(
                (_, e, sql) =>
                    sql.Add(
                        "update ledger_account set purchases = purchases + 1, version = $2 where customer_id = $1",
                        e.StreamId,
                        e.Version
                    )
            )
            // HistoryImported needs nothing: the import that it belongs to follows in the same transaction.
            .On<MemberImported>(
                (fact, e, sql) =>
                    sql.Add(
                        """
                        update ledger_account set qualifying = qualifying + $2, opened_at = least(opened_at, $3), version = $4
                        where customer_id = $1
                        """,
                        e.StreamId,
                        fact.Qualifying,
                        fact.JoinedAt,
                        e.Version
                    )
            )
            .On<TierChanged>(
                (fact, e, sql) =>
                    sql.Add("update ledger_account set tier = $2, version = $3 where customer_id = $1", e.StreamId, fact.To, e.Version)
            )
            .On<HolderForgotten>(
                (_, e, sql) =>
                    sql.Add("update ledger_account set forgotten = true, version = $2 where customer_id = $1", e.StreamId, e.Version)
            )
            .On<ReturnCounted>((_, e, sql) => Seen(e, sql))
            .On<ActionCounted>((_, e, sql) => Seen(e, sql))
            .On<BooksClosed>((_, e, sql) => Seen(e, sql));

    static void Seen(RecordedEvent e, SqlBatch sql) =>
        sql.Add("update ledger_account set version = $2 where customer_id = $1", e.StreamId, e.Version);

    static void Move(IReadOnlyList<Allocation> allocations, int sign, SqlBatch sql)
    {
        foreach (var a in allocations)
            sql.Add("update ledger_lot set remaining = remaining + $2 where lot_id = $1", a.LotId, sign * a.Points);
    }
}
