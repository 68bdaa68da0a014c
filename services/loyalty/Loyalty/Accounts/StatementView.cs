namespace CrmPlatform.Loyalty.Accounts;

/// <summary>The statement of an account, newest entry first. The sum of its points up to a date is the balance on that date.</summary>
public sealed class StatementView : IProjection
{
    public string Name => "statement";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public string Ddl =>
        """
            create table if not exists statement_entry (
                customer_id uuid not null, version bigint not null, kind text not null, points bigint not null, balance bigint,
                reference uuid, note text, occurred_at timestamptz not null, primary key (customer_id, version))
            """;

    public void Register(EventHandlers on) => on.OnPage<IAccountEvent>(Add);

    /// <summary>The entry that a fact makes.</summary>
    public static StatementEntry? Of(RecordedEvent recorded) =>
        recorded.Data switch
        {
            AccountOpened e => new(
                Version: recorded.Version,
                Kind: EntryKind.Opened,
                Points: 0,
                Balance: 0,
                Reference: null,
                Note: e.Tier,
                OccurredAt: e.OccurredAt
            ),
            PointsEarned e => new(
                Version: recorded.Version,
                Kind: EntryKind.Earned,
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.PurchaseId ?? e.Reference,
                Note: $"{e.Rule} {e.RuleVersion}",
                OccurredAt: e.OccurredAt
            ),
            HistoryImported e => new(
                Version: recorded.Version,
                Kind: Enum.Parse<EntryKind>(e.Kind.ToString()),
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.EntryId,
                Note: e.Note,
                OccurredAt: e.OccurredAt
            ),
            MemberImported e => new(
                Version: recorded.Version,
                Kind: EntryKind.Imported,
                Points: 0,
                Balance: null,
                Reference: null,
                Note: e.ImportId,
                OccurredAt: e.OccurredAt
            ),
            PointsImported e => new(
                Version: recorded.Version,
                Kind: EntryKind.Imported,
                Points: e.Told is null ? e.Points : 0,
                Balance: e.Balance + (e.Told ?? 0),
                Reference: e.LotId,
                Note: e.Reference,
                OccurredAt: e.OccurredAt
            ),
            PointsUnlocked e => new(
                Version: recorded.Version,
                Kind: EntryKind.Unlocked,
                Points: 0,
                Balance: e.Balance,
                Reference: e.LotId,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            PointsAdjusted e => new(
                Version: recorded.Version,
                Kind: EntryKind.Adjusted,
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.AdjustmentId,
                Note: e.Reason,
                OccurredAt: e.OccurredAt
            ),
            PointsRedeemed e => new(
                Version: recorded.Version,
                Kind: EntryKind.Redeemed,
                Points: -e.Points,
                Balance: e.Balance,
                Reference: e.RedemptionId,
                Note: e.Purpose,
                OccurredAt: e.OccurredAt
            ),
            RedemptionCancelled e => new(
                Version: recorded.Version,
                Kind: EntryKind.Cancelled,
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.RedemptionId,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            PointsTransferredOut e => new(
                Version: recorded.Version,
                Kind: EntryKind.Transferred,
                Points: -e.Points,
                Balance: e.Balance,
                Reference: e.TransferId,
                Note: e.To.ToString(),
                OccurredAt: e.OccurredAt
            ),
            PointsTransferredIn e => new(
                Version: recorded.Version,
                Kind: EntryKind.Transferred,
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.TransferId,
                Note: e.From.ToString(),
                OccurredAt: e.OccurredAt
            ),
            PointsExpired e => new(
                Version: recorded.Version,
                Kind: EntryKind.Expired,
                Points: -e.Points,
                Balance: e.Balance,
                Reference: e.LotId,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            ExpiryCorrected e => new(
                Version: recorded.Version,
                Kind: EntryKind.Expired,
                Points: e.Points,
                Balance: e.Balance,
                Reference: e.LotId,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            PointsReversed e => new(
                Version: recorded.Version,
                Kind: EntryKind.Reversed,
                Points: -e.Points,
                Balance: e.Balance,
                Reference: e.ReturnId,
                Note: null,
                OccurredAt: e.OccurredAt
            ),
            TierAssigned e => new(
                Version: recorded.Version,
                Kind: EntryKind.Tier,
                Points: 0,
                Balance: null,
                Reference: null,
                Note: e.To,
                OccurredAt: e.OccurredAt
            ),
            TierChanged e => new(
                Version: recorded.Version,
                Kind: EntryKind.Tier,
                Points: 0,
                Balance: null,
                Reference: null,
                Note: e.To,
                OccurredAt: e.OccurredAt
            ),
            HolderForgotten e => new(
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

    static void Add(IReadOnlyList<RecordedEvent> page, SqlBatch sql)
    {
        var rows = (from e in page let entry = Of(e) where entry is not null select (Customer: e.StreamId, Entry: entry)).ToArray();
        if (rows.Length > 0)
            sql.Add(
                """
                insert into statement_entry (customer_id, version, kind, points, balance, reference, note, occurred_at)
                select * from
                    unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::uuid[], $7::text[], $8::timestamptz[])
                """,
                All(r => r.Customer),
                All(r => r.Entry.Version),
                All(r => r.Entry.Kind.ToString()),
                All(r => r.Entry.Points),
                All(r => r.Entry.Balance),
                All(r => r.Entry.Reference),
                All(r => r.Entry.Note),
                All(r => r.Entry.OccurredAt)
            );

        T[] All<T>(Func<(Guid Customer, StatementEntry Entry), T> column) => [.. rows.Select(column)];
    }
}
