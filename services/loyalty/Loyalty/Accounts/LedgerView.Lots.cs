using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

public sealed partial class LedgerView
{
    /// <summary>How lots come, change and go.</summary>
    static void Lots(EventHandlers on) =>
        on.On<PointsEarned>(
                (fact, e, sql) =>
                {
                    var pending = fact.ActiveFrom is not null || fact.Awaits is not null;
                    // One statement for the event that comes by the ten thousand.
                    sql.Add(
                        """
                        with earned as (
                            update ledger_account set earned = earned + $4, qualifying = qualifying + $5,
                                debt = debt - ($4 - $6), version = $7
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
                        with earned as (
                            update ledger_account set earned = earned + $3, debt = debt - ($3 - $4), version = $5 where customer_id = $2)
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
                            and expires_at < $2
                        """,
                        e.StreamId,
                        fact.ExpiresAt
                    );
                }
            )
            .On<PointsExpired>((fact, e, sql) => Expired(fact.LotId, fact.Points, e, sql))
            .On<ExpiryCorrected>((fact, e, sql) => Expired(fact.LotId, -fact.Points, e, sql))
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
            );

    static void Expired(Guid lot, long points, RecordedEvent e, SqlBatch sql) =>
        sql.Add(
            """
            with lot as (update ledger_lot set remaining = remaining - $2 where lot_id = $4)
            update ledger_account set expired = expired + $2, version = $3 where customer_id = $1
            """,
            e.StreamId,
            points,
            e.Version,
            lot
        );
}
