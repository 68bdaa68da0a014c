using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Activities;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Measures;

/// <summary>
/// What a fact did to one lot, or to the debt where LotId is null. The moves of a fact add up to what it did to the balance.
/// </summary>
/// <param name="N">Place among the moves of the fact.</param>
public sealed record Move(RecordedEvent Event, int N, Guid? LotId, string Kind, long Points, DateTimeOffset OccurredAt)
{
    /// <summary>SQL: the kinds that make points or take back what was made. What goes from one member to another does neither.</summary>
    public const string Issuing = "'earned', 'imported', 'reversed', 'adjusted'";

    public static IEnumerable<Move> Of(RecordedEvent e) =>
        e.Data switch
        {
            PointsEarned f => Split(e, "earned", [new(f.LotId, f.Points - f.Repaid)], +1, f.Repaid, f.OccurredAt),
            PointsImported f => Split(e, "imported", [new(f.LotId, f.Points - f.Repaid)], +1, f.Repaid, f.OccurredAt),
            PointsUnlocked f => Split(e, "unlocked", [new(f.LotId, -f.Repaid)], +1, f.Repaid, f.OccurredAt),
            PointsRedeemed f => Split(e, "redeemed", f.From, -1, 0, f.OccurredAt),
            RedemptionCancelled f => Split(e, "cancelled", f.To, +1, f.Repaid, f.OccurredAt),
            PointsTransferredOut f => Split(e, "sent", f.From, -1, 0, f.OccurredAt),
            PointsTransferredIn f => Split(
                e,
                "received",
                f.Lots.Select(l => new Allocation(l.LotId, l.Remaining)),
                +1,
                f.Repaid,
                f.OccurredAt
            ),
            PointsExpired f => Split(e, "expired", [new(f.LotId, f.Points)], -1, 0, f.OccurredAt),
            ExpiryCorrected f => Split(e, "expired", [new(f.LotId, f.Points)], +1, 0, f.OccurredAt),
            PointsReversed f => Split(e, "reversed", f.From, -1, -f.Owed, f.OccurredAt),
            PointsAdjusted { LotId: { } lot } f => Split(e, "adjusted", [new(lot, f.Points - f.Repaid)], +1, f.Repaid, f.OccurredAt),
            PointsAdjusted f => Split(e, "adjusted", f.From, -1, 0, f.OccurredAt),
            _ => [],
        };

    static IEnumerable<Move> Split(RecordedEvent e, string kind, IEnumerable<Allocation> lots, int sign, long debt, DateTimeOffset at)
    {
        var n = 0;
        foreach (var (lot, points) in lots)
            if (points != 0)
                yield return new(e, n++, lot, kind, sign * points, at);
        if (debt != 0)
            yield return new(e, n, null, kind, debt, at);
    }
}

/// <summary>A lot as it was made.</summary>
/// <param name="EarnedAt">Its age counts from here, also where it came from another member or programme.</param>
/// <param name="OccurredAt">It is there from here on.</param>
public sealed record LotMade(
    RecordedEvent Event,
    Guid LotId,
    decimal Net,
    DateTimeOffset EarnedAt,
    DateTimeOffset OccurredAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? ActiveFrom = null,
    bool Awaits = false,
    bool Slides = false
)
{
    public static IEnumerable<LotMade> Of(RecordedEvent e) =>
        e.Data switch
        {
            PointsEarned f =>
            [
                new(
                    Event: e,
                    LotId: f.LotId,
                    Net: f.Net,
                    EarnedAt: f.OccurredAt,
                    OccurredAt: f.OccurredAt,
                    ExpiresAt: f.ExpiresAt,
                    ActiveFrom: f.ActiveFrom,
                    Awaits: f.Awaits is not null,
                    Slides: f.Slides is not null
                ),
            ],
            PointsImported f =>
            [
                new(
                    Event: e,
                    LotId: f.LotId,
                    Net: 0,
                    EarnedAt: f.EarnedAt,
                    OccurredAt: f.OccurredAt,
                    ExpiresAt: f.ExpiresAt,
                    ActiveFrom: f.ActiveFrom
                ),
            ],
            PointsTransferredIn f => f.Lots.Select(l => new LotMade(e, l.LotId, 0, l.EarnedAt, f.OccurredAt, l.ExpiresAt)),
            PointsAdjusted { LotId: { } lot } f => [new(e, lot, 0, f.OccurredAt, f.OccurredAt, f.ExpiresAt!.Value)],
            _ => [],
        };
}

/// <summary>A member was active. Attendance is a fact of the activity's stream.</summary>
public sealed record Act(RecordedEvent Event, Guid CustomerId, string Kind, DateTimeOffset OccurredAt)
{
    public static IEnumerable<Act> Of(RecordedEvent e) =>
        e.Data switch
        {
            PurchaseCounted f => [new(e, e.StreamId, "purchase", f.OccurredAt)],
            PointsRedeemed f => [new(e, e.StreamId, "redemption", f.OccurredAt)],
            PointsTransferredOut f => [new(e, e.StreamId, "transfer", f.OccurredAt)],
            MemberAttended f => [new(e, f.CustomerId, "attendance", f.OccurredAt)],
            ActionCounted f => [new(e, e.StreamId, $"action {f.Action}", f.OccurredAt)],
            _ => [],
        };
}
