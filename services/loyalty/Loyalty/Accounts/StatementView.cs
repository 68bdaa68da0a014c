namespace CrmPlatform.Loyalty.Accounts;

/// <summary>What an entry of a statement is about.</summary>
public enum EntryKind
{
    Opened,
    Imported,
    Earned,
    Unlocked,
    Redeemed,
    Cancelled,
    Expired,
    Reversed,
    Adjusted,
    Transferred,
    Tier,
    Forgotten,
}

/// <param name="Version">Place in the account's stream.</param>
/// <param name="Points">Signed: what the entry did to the balance.</param>
/// <param name="Balance">Balance after it, in the order in which the platform learned of things.</param>
/// <param name="Reference">The purchase, redemption, transfer, lot or return.</param>
/// <param name="Note">Rule and its version, purpose, reason, the other side of a transfer, name of a tier, or what the programme before
/// this one called it.</param>
public sealed record StatementEntry(
    long Version,
    EntryKind Kind,
    long Points,
    long? Balance,
    Guid? Reference,
    string? Note,
    DateTimeOffset OccurredAt
);

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
            AccountOpened e => new(recorded.Version, EntryKind.Opened, 0, 0, null, e.Tier, e.OccurredAt),
            PointsEarned e => new(
                recorded.Version,
                EntryKind.Earned,
                e.Points,
                e.Balance,
                e.PurchaseId ?? e.Reference,
                $"{e.Rule} {e.RuleVersion}",
                e.OccurredAt
            ),
            HistoryImported e => new(
                recorded.Version,
                Enum.Parse<EntryKind>(e.Kind.ToString()),
                e.Points,
                e.Balance,
                e.EntryId,
                e.Note,
                e.OccurredAt
            ),
            MemberImported e => new(recorded.Version, EntryKind.Imported, 0, null, null, e.ImportId, e.OccurredAt),
            PointsImported e => new(
                recorded.Version,
                EntryKind.Imported,
                e.Told is null ? e.Points : 0,
                e.Balance + (e.Told ?? 0),
                e.LotId,
                e.Reference,
                e.OccurredAt
            ),
            PointsUnlocked e => new(recorded.Version, EntryKind.Unlocked, 0, e.Balance, e.LotId, null, e.OccurredAt),
            PointsAdjusted e => new(recorded.Version, EntryKind.Adjusted, e.Points, e.Balance, e.AdjustmentId, e.Reason, e.OccurredAt),
            PointsRedeemed e => new(recorded.Version, EntryKind.Redeemed, -e.Points, e.Balance, e.RedemptionId, e.Purpose, e.OccurredAt),
            RedemptionCancelled e => new(recorded.Version, EntryKind.Cancelled, e.Points, e.Balance, e.RedemptionId, null, e.OccurredAt),
            PointsTransferredOut e => new(
                recorded.Version,
                EntryKind.Transferred,
                -e.Points,
                e.Balance,
                e.TransferId,
                e.To.ToString(),
                e.OccurredAt
            ),
            PointsTransferredIn e => new(
                recorded.Version,
                EntryKind.Transferred,
                e.Points,
                e.Balance,
                e.TransferId,
                e.From.ToString(),
                e.OccurredAt
            ),
            PointsExpired e => new(recorded.Version, EntryKind.Expired, -e.Points, e.Balance, e.LotId, null, e.OccurredAt),
            PointsReversed e => new(recorded.Version, EntryKind.Reversed, -e.Points, e.Balance, e.ReturnId, null, e.OccurredAt),
            TierAssigned e => new(recorded.Version, EntryKind.Tier, 0, null, null, e.To, e.OccurredAt),
            TierChanged e => new(recorded.Version, EntryKind.Tier, 0, null, null, e.To, e.OccurredAt),
            HolderForgotten e => new(recorded.Version, EntryKind.Forgotten, 0, null, null, null, e.OccurredAt),
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
