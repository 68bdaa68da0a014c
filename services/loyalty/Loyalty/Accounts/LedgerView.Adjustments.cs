namespace CrmPlatform.Loyalty.Accounts;

public sealed partial class LedgerView
{
    /// <summary>Corrections by hand, and those that wait for a second person.</summary>
    static void Adjustments(EventHandlers on) =>
        on.On<PointsAdjusted>(
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
            );

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
            on conflict (adjustment_id) do update
                set status = excluded.status, decided_by = excluded.decided_by, noted_at = excluded.noted_at
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
