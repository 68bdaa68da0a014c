using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Households;

/// <summary>What a transfer takes from the sender's lots, and gives to the receiver.</summary>
public sealed partial record TransferPoints
{
    public static IAccountEvent[] Out(
        LoyaltyAccount account,
        LoyaltyRules rules,
        Guid id,
        Guid to,
        long points,
        DateTimeOffset earnedBefore,
        DateTimeOffset now
    )
    {
        if (account.Transfers.ContainsKey(id))
            return [];
        if (account.IsForgotten)
            throw new RuleViolationException("customer-forgotten", "the account's holder was forgotten: its points stay where they are");
        var ledger = new Ledger(account, rules).Pass(now);
        account = ledger.Account;
        var lots = account.ByExpiry.Where(l => l.IsSpendable(now) && l.EarnedAt < earnedBefore).ToList();
        var from = lots.Take(points);
        if (account.Debt > 0 || from.Sum(a => a.Points) < points)
            throw new RuleViolationException(
                "insufficient-points",
                $"{points} points asked for, {(account.Debt > 0 ? 0 : lots.Sum(l => l.Remaining))} can be transferred",
                "points"
            );
        return ledger
            .Note(
                new PointsTransferredOut(
                    TransferId: id,
                    To: to,
                    Points: points,
                    From: from,
                    EarnedBefore: earnedBefore,
                    Balance: account.Balance - points,
                    OccurredAt: now
                )
            )
            .CloseBooks(now)
            .Facts;
    }

    /// <param name="lots">What is left of them after a debt is decided here.</param>
    public static IAccountEvent[] In(
        LoyaltyAccount account,
        LoyaltyRules rules,
        Guid id,
        Guid from,
        IReadOnlyList<TransferredLot> lots,
        DateTimeOffset now
    )
    {
        if (account.Transfers.ContainsKey(id))
            return [];
        var ledger = new Ledger(account, rules).Pass(now);
        var (points, owed) = (lots.Sum(l => l.Points), ledger.Account.Debt);
        var kept = new List<TransferredLot>();
        foreach (var lot in lots)
        {
            var repaid = Math.Min(lot.Points, owed);
            owed -= repaid;
            kept.Add(lot with { Remaining = lot.Points - repaid });
        }
        return ledger
            .Note(
                new PointsTransferredIn(
                    TransferId: id,
                    From: from,
                    Points: points,
                    Repaid: ledger.Account.Debt - owed,
                    Lots: kept,
                    Balance: ledger.Account.Balance + points,
                    OccurredAt: now
                )
            )
            .Facts;
    }
}
