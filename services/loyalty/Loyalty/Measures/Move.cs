using CrmPlatform.Loyalty.Activities;

namespace CrmPlatform.Loyalty.Measures;

/// <summary>What a fact did to one lot, or to the debt where LotId is null. The moves of a fact add up to what it did to the balance.</summary>
/// <param name="N">Place among the moves of the fact.</param>
/// <param name="Qualifying">What the fact did to the points that count for the tier; on its first move.</param>
public sealed record Move(RecordedEvent Event, int N, Guid? LotId, string Kind, long Points, long Qualifying, DateTimeOffset OccurredAt)
{
    public static IEnumerable<Move> Of(RecordedEvent e) => e.Data switch
    {
        PointsEarned f => Split(e, "earned", [new(f.LotId, f.Points - f.Repaid)], +1, f.Repaid, f.ActiveFrom is null && f.Awaits is null ? f.Qualifying ?? f.Points : 0, f.OccurredAt),
        PointsUnlocked f => Split(e, "unlocked", [new(f.LotId, -f.Repaid)], +1, f.Repaid, f.Qualifying, f.OccurredAt),
        PointsRedeemed f => Split(e, "redeemed", f.From, -1, 0, 0, f.OccurredAt),
        RedemptionCancelled f => Split(e, "cancelled", f.To, +1, f.Repaid, 0, f.OccurredAt),
        PointsExpired f => Split(e, "expired", [new(f.LotId, f.Points)], -1, 0, 0, f.OccurredAt),
        PointsReversed f => Split(e, "reversed", f.From, -1, -f.Owed, -f.Qualifying, f.OccurredAt),
        PointsAdjusted { LotId: { } lot } f => Split(e, "adjusted", [new(lot, f.Points - f.Repaid)], +1, f.Repaid, 0, f.OccurredAt),
        PointsAdjusted f => Split(e, "adjusted", f.From, -1, 0, 0, f.OccurredAt),
        _ => [],
    };

    static IEnumerable<Move> Split(RecordedEvent e, string kind, IReadOnlyList<Allocation> lots, int sign, long debt, long qualifying, DateTimeOffset at)
    {
        var n = 0;
        foreach (var (lot, points) in lots)
            if (points != 0 || qualifying != 0)
            {
                yield return new(e, n++, lot, kind, sign * points, qualifying, at);
                qualifying = 0;
            }
        if (debt != 0 || qualifying != 0) yield return new(e, n, null, kind, debt, qualifying, at);
    }
}

/// <summary>A lot as it was made.</summary>
public sealed record LotMade(RecordedEvent Event, Guid LotId, decimal Net, long Qualifying, DateTimeOffset EarnedAt, DateTimeOffset ExpiresAt, DateTimeOffset? ActiveFrom, bool Awaits, bool Slides)
{
    public static IEnumerable<LotMade> Of(RecordedEvent e) => e.Data switch
    {
        PointsEarned f => [new(e, f.LotId, f.Net, f.Qualifying ?? f.Points, f.OccurredAt, f.ExpiresAt, f.ActiveFrom, f.Awaits is not null, f.Slides is not null)],
        PointsAdjusted { LotId: { } lot } f => [new(e, lot, 0, 0, f.OccurredAt, f.ExpiresAt!.Value, null, false, false)],
        _ => [],
    };
}

/// <summary>A member was active. Attendance is a fact of the activity's stream.</summary>
public sealed record Act(RecordedEvent Event, Guid CustomerId, string Kind, DateTimeOffset OccurredAt)
{
    public static IEnumerable<Act> Of(RecordedEvent e) => e.Data switch
    {
        PurchaseCounted f => [new(e, e.StreamId, "purchase", f.OccurredAt)],
        PointsRedeemed f => [new(e, e.StreamId, "redemption", f.OccurredAt)],
        MemberAttended f => [new(e, f.CustomerId, "attendance", f.OccurredAt)],
        ActionCounted f => [new(e, e.StreamId, $"action {f.Action}", f.OccurredAt)],
        _ => [],
    };
}
