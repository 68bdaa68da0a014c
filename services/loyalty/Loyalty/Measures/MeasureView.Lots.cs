using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Measures;

/// <summary>The rows of lots: how they were made, and what moved their points.</summary>
public sealed partial class MeasureView
{
    static void Lots(List<LotMade> lots, IReadOnlyList<RecordedEvent> page, SqlBatch batch)
    {
        Insert(
            batch,
            "measure_lot (lot_id, customer_id, seq, event_id, version, net, "
                + "earned_at, occurred_at, expires_at, active_from, awaits, slides)",
            "$1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::bigint[], $6::numeric[], $7::timestamptz[], $8::timestamptz[], "
                + "$9::timestamptz[], $10::timestamptz[], $11::boolean[], $12::boolean[]",
            lots.Count,
            All(lots, l => l.LotId),
            All(lots, l => l.Event.StreamId),
            All(lots, l => l.Event.Sequence),
            All(lots, l => l.Event.Id),
            All(lots, l => l.Event.Version),
            All(lots, l => l.Net),
            All(lots, l => l.EarnedAt),
            All(lots, l => l.OccurredAt),
            All(lots, l => l.ExpiresAt),
            All(lots, l => l.ActiveFrom),
            All(lots, l => l.Awaits),
            All(lots, l => l.Slides)
        );
        var unlocked = Of<PointsUnlocked>(page);
        Insert(
            batch,
            "measure_unlock (lot_id, seq, expires_at, occurred_at)",
            "$1::uuid[], $2::bigint[], $3::timestamptz[], $4::timestamptz[]",
            unlocked.Count,
            All(unlocked, f => f.Fact.LotId),
            All(unlocked, f => f.Event.Sequence),
            All(unlocked, f => f.Fact.ExpiresAt),
            All(unlocked, f => f.Fact.OccurredAt)
        );
        var touched = Of<ExpiryMoved>(page);
        Insert(
            batch,
            "measure_touch (customer_id, seq, expires_at, occurred_at)",
            "$1::uuid[], $2::bigint[], $3::timestamptz[], $4::timestamptz[]",
            touched.Count,
            All(touched, f => f.Event.StreamId),
            All(touched, f => f.Event.Sequence),
            All(touched, f => f.Fact.ExpiresAt),
            All(touched, f => f.Fact.OccurredAt)
        );
        var claimed = Of<PointsReversed>(page);
        Insert(
            batch,
            "measure_claim (lot_id, seq, refunded, occurred_at)",
            "$1::uuid[], $2::bigint[], $3::numeric[], $4::timestamptz[]",
            claimed.Count,
            All(claimed, f => f.Fact.LotId),
            All(claimed, f => f.Event.Sequence),
            All(claimed, f => f.Fact.Refunded),
            All(claimed, f => f.Fact.OccurredAt)
        );
    }

    static void Moves(List<Move> moves, SqlBatch batch) =>
        Insert(
            batch,
            "measure_move (seq, n, event_id, customer_id, version, lot_id, kind, points, occurred_at)",
            "$1::bigint[], $2::int[], $3::uuid[], $4::uuid[], $5::bigint[], $6::uuid[], $7::text[], $8::bigint[], $9::timestamptz[]",
            moves.Count,
            All(moves, m => m.Event.Sequence),
            All(moves, m => m.N),
            All(moves, m => m.Event.Id),
            All(moves, m => m.Event.StreamId),
            All(moves, m => m.Event.Version),
            All(moves, m => m.LotId),
            All(moves, m => m.Kind),
            All(moves, m => m.Points),
            All(moves, m => m.OccurredAt)
        );
}
