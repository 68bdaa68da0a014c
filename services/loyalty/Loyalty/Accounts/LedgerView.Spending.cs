using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

public sealed partial class LedgerView
{
    /// <summary>Points that are spent, given back, and sent from one member to another.</summary>
    static void Spending(EventHandlers on) =>
        on.On<PointsRedeemed>(
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
                        update ledger_account set transferred_in = transferred_in + $2, debt = debt - $3, version = $4
                        where customer_id = $1
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
            );
}
