using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Accounts, lots, redemptions and adjustments as they are now, written with the facts themselves: who redeems sees it at once. No index
/// asks for <c>remaining</c>, only for whether anything is: else each point that is spent would leave its row in every index, and a busy
/// account grow slower with each.
/// </summary>
public sealed class LedgerView : IProjection
{
    public string Name => "ledger";

    public string Ddl =>
        """
            create table if not exists ledger_account (
                customer_id uuid primary key, tier text not null, opened_at timestamptz not null, qualifying bigint not null default 0,
                earned bigint not null default 0, redeemed bigint not null default 0, expired bigint not null default 0, reversed bigint not null default 0,
                debt bigint not null default 0, purchases int not null default 0, forgotten boolean not null default false, version bigint not null,
                transferred_in bigint not null default 0, transferred_out bigint not null default 0) with (fillfactor = 80);
            alter table ledger_account add column if not exists transferred_in bigint not null default 0, add column if not exists transferred_out bigint not null default 0;
            create index if not exists ledger_account_by_tier on ledger_account (tier, customer_id);
            create table if not exists ledger_lot (
                lot_id uuid primary key, customer_id uuid not null, purchase_id uuid, reference uuid, rule text not null, rule_version int not null,
                earned bigint not null, remaining bigint not null, earned_at timestamptz not null, expires_at timestamptz not null,
                active_from timestamptz, awaits text, slides int, due_at timestamptz, open boolean not null generated always as (remaining > 0) stored) with (fillfactor = 80);
            create index if not exists ledger_lot_of_customer on ledger_lot (customer_id) where open;
            create index if not exists ledger_lot_due on ledger_lot (due_at) where open;
            create table if not exists ledger_redemption (
                redemption_id uuid primary key, customer_id uuid not null, points bigint not null, purpose text not null,
                redeemed_at timestamptz not null, cancelled_at timestamptz);
            create index if not exists ledger_redemption_of_customer on ledger_redemption (customer_id);
            create table if not exists ledger_adjustment (
                adjustment_id uuid primary key, customer_id uuid not null, points bigint not null, reason text not null, status text not null,
                proposed_by text not null, decided_by text, noted_at timestamptz not null);
            create index if not exists ledger_adjustment_by_status on ledger_adjustment (status, adjustment_id);
            """;

    public void Register(EventHandlers on) =>
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
            .On<PointsEarned>(
                (fact, e, sql) =>
                {
                    var pending = fact.ActiveFrom is not null || fact.Awaits is not null;
                    // One statement for the event that comes by the ten thousand.
                    sql.Add(
                        """
                        with earned as (
                            update ledger_account set earned = earned + $4, qualifying = qualifying + $5, debt = debt - ($4 - $6), version = $7
                            where customer_id = $2)
                        insert into ledger_lot (lot_id, customer_id, purchase_id, reference, rule, rule_version, earned, remaining,
                            earned_at, expires_at, active_from, awaits, slides, due_at)
                        values ($1, $2, $3, $8, $9, $10, $4, $6, $11, $12, $13, $14, $15, $16)
                        """,
                        fact.LotId,
                        e.StreamId,
                        fact.PurchaseId,
                        fact.Points,
                        pending ? 0 : fact.Qualifying ?? fact.Points,
                        fact.Points - fact.Repaid,
                        e.Version,
                        fact.Reference,
                        fact.Rule,
                        fact.RuleVersion,
                        fact.OccurredAt,
                        fact.ExpiresAt,
                        fact.ActiveFrom,
                        fact.Awaits,
                        fact.Slides,
                        fact.Awaits is null ? fact.ActiveFrom ?? fact.ExpiresAt : null
                    );
                }
            )
            .On<PointsImported>(
                (fact, e, sql) =>
                    sql.Add(
                        """
                        with earned as (update ledger_account set earned = earned + $3, debt = debt - ($3 - $4), version = $5 where customer_id = $2)
                        insert into ledger_lot (lot_id, customer_id, reference, rule, rule_version, earned, remaining,
                            earned_at, expires_at, active_from, due_at)
                        values ($1, $2, $6, $7, 0, $3, $4, $8, $9, $10, $11)
                        """,
                        fact.LotId,
                        e.StreamId,
                        fact.Points,
                        fact.Points - fact.Repaid,
                        e.Version,
                        NameId.For(Lot.Imported, fact.Reference),
                        Lot.Imported,
                        fact.EarnedAt,
                        fact.ExpiresAt,
                        fact.ActiveFrom,
                        fact.ActiveFrom ?? fact.ExpiresAt
                    )
            )
            // HistoryImported needs nothing: the import that it belongs to follows in the same transaction.
            .On<MemberImported>(
                (fact, e, sql) =>
                    sql.Add(
                        """
                        update ledger_account set qualifying = qualifying + $2, opened_at = least(opened_at, $3), version = $4 where customer_id = $1
                        """,
                        e.StreamId,
                        fact.Qualifying,
                        fact.JoinedAt,
                        e.Version
                    )
            )
            .On<PointsUnlocked>(
                (fact, e, sql) =>
                {
                    sql.Add(
                        """
                        update ledger_account set qualifying = qualifying + $2, debt = debt - $3, version = $4 where customer_id = $1
                        """,
                        e.StreamId,
                        fact.Qualifying,
                        fact.Repaid,
                        e.Version
                    );
                    sql.Add(
                        """
                        update ledger_lot set active_from = null, awaits = null, remaining = remaining - $2, expires_at = $3, due_at = $3
                        where lot_id = $1
                        """,
                        fact.LotId,
                        fact.Repaid,
                        fact.ExpiresAt
                    );
                }
            )
            .On<ExpiryMoved>(
                (fact, e, sql) =>
                {
                    Seen(e, sql);
                    sql.Add(
                        """
                        update ledger_lot set expires_at = $2, due_at = $2
                        where customer_id = $1 and open and slides is not null and active_from is null and awaits is null
                        """,
                        e.StreamId,
                        fact.ExpiresAt
                    );
                }
            )
            .On<PointsRedeemed>(
                (fact, e, sql) =>
                {
                    sql.Add(
                        """
                        update ledger_account set redeemed = redeemed + $2, version = $3 where customer_id = $1
                        """,
                        e.StreamId,
                        fact.Points,
                        e.Version
                    );
                    sql.Add(
                        """
                        insert into ledger_redemption (redemption_id, customer_id, points, purpose, redeemed_at) values ($1, $2, $3, $4, $5)
                        """,
                        fact.RedemptionId,
                        e.StreamId,
                        fact.Points,
                        fact.Purpose,
                        fact.OccurredAt
                    );
                    Move(fact.From, -1, sql);
                }
            )
            .On<RedemptionCancelled>(
                (fact, e, sql) =>
                {
                    sql.Add(
                        """
                        update ledger_account set redeemed = redeemed - $2, debt = debt - $3, version = $4 where customer_id = $1
                        """,
                        e.StreamId,
                        fact.Points,
                        fact.Repaid,
                        e.Version
                    );
                    sql.Add("update ledger_redemption set cancelled_at = $2 where redemption_id = $1", fact.RedemptionId, fact.OccurredAt);
                    Move(fact.To, +1, sql);
                }
            )
            .On<PointsTransferredOut>(
                (fact, e, sql) =>
                {
                    sql.Add(
                        """
                        update ledger_account set transferred_out = transferred_out + $2, version = $3 where customer_id = $1
                        """,
                        e.StreamId,
                        fact.Points,
                        e.Version
                    );
                    Move(fact.From, -1, sql);
                }
            )
            .On<PointsTransferredIn>(
                (fact, e, sql) =>
                {
                    sql.Add(
                        """
                        update ledger_account set transferred_in = transferred_in + $2, debt = debt - $3, version = $4 where customer_id = $1
                        """,
                        e.StreamId,
                        fact.Points,
                        fact.Repaid,
                        e.Version
                    );
                    foreach (var l in fact.Lots)
                        sql.Add(
                            """
                            insert into ledger_lot
                                (lot_id, customer_id, reference, rule, rule_version, earned, remaining, earned_at, expires_at, due_at)
                            values ($1, $2, $3, $4, 0, $5, $6, $7, $8, $8)
                            """,
                            l.LotId,
                            e.StreamId,
                            fact.TransferId,
                            Lot.Transferred,
                            l.Points,
                            l.Remaining,
                            l.EarnedAt,
                            l.ExpiresAt
                        );
                }
            )
            .On<PointsExpired>(
                (fact, e, sql) =>
                    sql.Add(
                        """
                        with lot as (update ledger_lot set remaining = remaining - $2 where lot_id = $4)
                        update ledger_account set expired = expired + $2, version = $3 where customer_id = $1
                        """,
                        e.StreamId,
                        fact.Points,
                        e.Version,
                        fact.LotId
                    )
            )
            .On<PointsReversed>(
                (fact, e, sql) =>
                {
                    sql.Add(
                        """
                        update ledger_account set reversed = reversed + $2, qualifying = qualifying - $3, debt = debt + $4, version = $5
                        where customer_id = $1
                        """,
                        e.StreamId,
                        fact.Points,
                        fact.Qualifying,
                        fact.Owed,
                        e.Version
                    );
                    Move(fact.From, -1, sql);
                }
            )
            .On<PointsAdjusted>(
                (fact, e, sql) =>
                {
                    sql.Add(
                        """
                        update ledger_account set earned = earned + greatest($2, 0), reversed = reversed + greatest(-$2, 0),
                            debt = debt - $3, version = $4
                        where customer_id = $1
                        """,
                        e.StreamId,
                        fact.Points,
                        fact.Repaid,
                        e.Version
                    );
                    if (fact.LotId is { } lot)
                        sql.Add(
                            """
                            insert into ledger_lot
                                (lot_id, customer_id, reference, rule, rule_version, earned, remaining, earned_at, expires_at, due_at)
                            values ($1, $2, $1, 'adjustment', 0, $3, $4, $5, $6, $6)
                            """,
                            lot,
                            e.StreamId,
                            fact.Points,
                            fact.Points - fact.Repaid,
                            fact.OccurredAt,
                            fact.ExpiresAt
                        );
                    Move(fact.From, -1, sql);
                    Adjusted(
                        fact.AdjustmentId,
                        e.StreamId,
                        fact.Points,
                        fact.Reason,
                        "made",
                        fact.By,
                        fact.ApprovedBy,
                        fact.OccurredAt,
                        sql
                    );
                }
            )
            .On<AdjustmentProposed>(
                (fact, e, sql) =>
                {
                    Seen(e, sql);
                    Adjusted(fact.AdjustmentId, e.StreamId, fact.Points, fact.Reason, "proposed", fact.By, null, fact.OccurredAt, sql);
                }
            )
            .On<AdjustmentDeclined>(
                (fact, e, sql) =>
                {
                    Seen(e, sql);
                    sql.Add(
                        """
                        update ledger_adjustment set status = 'declined', decided_by = $2, noted_at = $3 where adjustment_id = $1
                        """,
                        fact.AdjustmentId,
                        fact.By,
                        fact.OccurredAt
                    );
                }
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

    static void Adjusted(
        Guid id,
        Guid customer,
        long points,
        string reason,
        string status,
        string by,
        string? decidedBy,
        DateTimeOffset at,
        SqlBatch sql
    ) =>
        sql.Add(
            """
            insert into ledger_adjustment (adjustment_id, customer_id, points, reason, status, proposed_by, decided_by, noted_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (adjustment_id) do update set status = excluded.status, decided_by = excluded.decided_by, noted_at = excluded.noted_at
            """,
            id,
            customer,
            points,
            reason,
            status,
            by,
            decidedBy,
            at
        );
}
