namespace CrmPlatform.Loyalty.Accounts;

/// <summary>What each fact is called in a statement.</summary>
public sealed partial class StatementView
{
    /// <summary>The entry that a fact makes.</summary>
    public static StatementEntry? Of(RecordedEvent recorded) =>
        recorded.Data switch
        {
            AccountOpened e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Opened,
                Points: 0,
                Balance: 0,
                Reference: null,
                Note: e.Tier,
                OccurredAt: e.OccurredAt
            ),
            PointsEarned e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Earned,
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.PurchaseId ?? e.Reference,
                Note: $"{e.Rule} {e.RuleVersion}",
                OccurredAt: e.OccurredAt
            ),
            HistoryImported e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: Enum.Parse<EntryKind>(e.Kind.ToString()),
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.EntryId,
                Note: e.Note,
                OccurredAt: e.OccurredAt
            ),
            MemberImported e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Imported,
                Points: 0,
                Balance: null,
                Reference: null,
                Note: e.ImportId,
                OccurredAt: e.OccurredAt
            ),
            PointsImported e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Imported,
                Points: e.Told is null ? e.Points : 0,
                Balance: e.Balance + (e.Told ?? 0),
                Reference: e.LotId,
                Note: e.Reference,
                OccurredAt: e.OccurredAt
            ),
            PointsUnlocked e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Unlocked,
                Points: 0,
                Balance: e.Balance,
                Reference: e.LotId,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            PointsAdjusted e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Adjusted,
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.AdjustmentId,
                Note: e.Reason,
                OccurredAt: e.OccurredAt
            ),
            PointsRedeemed e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Redeemed,
                Points: -e.Points,
                Balance: e.Balance,
                Reference: e.RedemptionId,
                Note: e.Purpose,
                OccurredAt: e.OccurredAt
            ),
            RedemptionCancelled e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Cancelled,
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.RedemptionId,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            PointsTransferredOut e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Transferred,
                Points: -e.Points,
                Balance: e.Balance,
                Reference: e.TransferId,
                Note: e.To.ToString(),
                OccurredAt: e.OccurredAt
            ),
            PointsTransferredIn e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Transferred,
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.TransferId,
                Note: e.From.ToString(),
                OccurredAt: e.OccurredAt
            ),
            PointsExpired e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Expired,
                Points: -e.Points,
                Balance: e.Balance,
                Reference: e.LotId,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            ExpiryCorrected e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Expired,
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.LotId,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            PointsReversed e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Reversed,
                Points: -e.Points,
                Balance: e.Balance,
                Reference: e.ReturnId,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            TierAssigned e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Tier,
                Points: 0,
                Balance: null,
                Reference: null,
                Note: e.To,
                OccurredAt: e.OccurredAt
            ),
            TierChanged e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Tier,
                Points: 0,
                Balance: null,
                Reference: null,
                Note: e.To,
                OccurredAt: e.OccurredAt
            ),
            HolderForgotten e => new(
                CustomerId: recorded.StreamId,
                Version: recorded.Version,
                Kind: EntryKind.Forgotten,
                Points: 0,
                Balance: null,
                Reference: null,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            _ => null,
        };
}
