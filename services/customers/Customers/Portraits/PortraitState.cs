using System.Text.Json;
using CrmPlatform.Customers.Timelines;

namespace CrmPlatform.Customers.Portraits;

/// <summary>A value with the event that it came from and when that happened.</summary>
public sealed record Sourced<T>(T Value, Guid Source, DateTimeOffset At);

static class Sourced
{
    /// <summary>The newer of two; of the same instant, the one that was noted later.</summary>
    public static Sourced<T> Newer<T>(Sourced<T>? there, T value, Noted e) => there is null || e.OccurredAt >= there.At ? new(value, e.EventId, e.OccurredAt) : there;

    /// <summary>A running value: every event changes it, the newest one is named.</summary>
    public static Sourced<T> Running<T>(Sourced<T>? there, T value, Noted e) => there is null || e.OccurredAt >= there.At ? new(value, e.EventId, e.OccurredAt) : there with { Value = value };
}

public sealed record Rfm(int Recency, int Frequency, int Monetary, string Segment, string ChineseType, Guid RunId, DateOnly AsOf);

/// <summary>
/// What the timeline says about a customer: the portrait without the profile. Folding does not depend on the order in which contexts were
/// heard, except among events of the same instant.
/// </summary>
public sealed record PortraitState(
    Guid CustomerId,
    bool Forgotten = false,
    Sourced<int>? Purchases = null,
    Sourced<int>? WhollyReturned = null,
    Sourced<decimal>? NetRevenue = null,
    string? Currency = null,
    Sourced<DateTimeOffset>? FirstPurchase = null,
    Sourced<DateTimeOffset>? LastPurchase = null,
    SortedDictionary<string, int>? Channels = null,
    SortedDictionary<string, decimal>? Categories = null,
    Sourced<int>? PageViews = null,
    Sourced<int>? Interactions = null,
    SortedDictionary<int, int>? AnsweredHours = null,
    Sourced<Rfm>? Rfm = null,
    Sourced<string>? Abc = null,
    Sourced<string>? Stage = null,
    SortedDictionary<string, Sourced<bool>>? Segments = null,
    Sourced<int>? Tickets = null,
    SortedDictionary<string, Sourced<string>>? TicketStates = null,
    Sourced<int>? Breaches = null,
    Sourced<int>? LastSatisfaction = null,
    int SatisfactionSum = 0,
    int SatisfactionCount = 0,
    Sourced<long>? Points = null,
    long PointsEarned = 0,
    Sourced<string>? Tier = null,
    SortedDictionary<string, Sourced<bool>>? Consents = null,
    int Events = 0)
{
    public PortraitState Fold(Noted e, TimeZoneInfo zone)
    {
        var next = e.Contract switch
        {
            "customers.purchase-recorded" => Purchase(e, Read<Contracts.PurchaseRecorded>(e)),
            "customers.purchase-returned" => Return(e, Read<Contracts.PurchaseReturned>(e)),
            "customers.page-viewed" => this with { PageViews = Sourced.Running(PageViews, (PageViews?.Value ?? 0) + 1, e) },
            "customers.interaction-recorded" => Interaction(e, Read<Contracts.InteractionRecorded>(e), zone),
            "customers.consent-changed" => Read<Contracts.ConsentChanged>(e) is var c ? this with { Consents = Set(Consents, $"{c.Purpose}/{c.Channel}", c.Granted, e) } : this,
            "customers.customer-forgotten" => this with { Forgotten = true },
            "segmentation.rfm-scored" => Read<Contracts.RfmScored>(e) is var r ? this with { Rfm = Sourced.Newer(Rfm, new(r.Recency, r.Frequency, r.Monetary, r.Segment, r.ChineseType, r.RunId, r.AsOf), e) } : this,
            "segmentation.grade-changed" => Read<Contracts.GradeChanged>(e) is { Scheme: "abc" } g ? this with { Abc = Sourced.Newer(Abc, g.To, e) } : this,
            "segmentation.lifecycle-stage-changed" => this with { Stage = Sourced.Newer(Stage, Read<Contracts.LifecycleStageChanged>(e).To, e) },
            "segmentation.segment-entered" => this with { Segments = Set(Segments, Read<Contracts.SegmentEntered>(e).Segment, true, e) },
            "segmentation.segment-left" => this with { Segments = Set(Segments, Read<Contracts.SegmentLeft>(e).Segment, false, e) },
            "service-desk.ticket-opened" => Ticket(e, "open") with { Tickets = Sourced.Running(Tickets, (Tickets?.Value ?? 0) + 1, e) },
            "service-desk.ticket-waiting" => Ticket(e, "waiting"),
            "service-desk.ticket-replied" => Read<Contracts.TicketReplied>(e).By == "customer" ? Ticket(e, "open") : this,
            "service-desk.ticket-resolved" => Ticket(e, "resolved"),
            "service-desk.ticket-reopened" => Ticket(e, "open"),
            "service-desk.ticket-closed" => Ticket(e, "closed"),
            "service-desk.sla-breached" => this with { Breaches = Sourced.Running(Breaches, (Breaches?.Value ?? 0) + 1, e) },
            "service-desk.survey-answered" => Read<Contracts.SurveyAnswered>(e) is { Metric: "csat" } s
                ? this with { LastSatisfaction = Sourced.Newer(LastSatisfaction, s.Score, e), SatisfactionSum = SatisfactionSum + s.Score, SatisfactionCount = SatisfactionCount + 1 } : this,
            "loyalty.points-earned" => Read<Contracts.PointsEarned>(e) is var p ? WithPoints(e, p.Points) with { PointsEarned = PointsEarned + p.Points } : this,
            "loyalty.points-awarded" => Read<Contracts.PointsAwarded>(e) is var p ? WithPoints(e, p.Points) with { PointsEarned = PointsEarned + p.Points } : this,
            "loyalty.points-adjusted" => WithPoints(e, Read<Contracts.PointsAdjusted>(e).Points),
            "loyalty.points-redeemed" => WithPoints(e, -Read<Contracts.PointsRedeemed>(e).Points),
            "loyalty.redemption-cancelled" => WithPoints(e, Read<Contracts.RedemptionCancelled>(e).Points),
            "loyalty.points-transferred" => WithPoints(e, Read<Contracts.PointsTransferred>(e).Points),
            "loyalty.points-expired" => WithPoints(e, -Read<Contracts.PointsExpired>(e).Points),
            "loyalty.points-reversed" => WithPoints(e, -Read<Contracts.PointsReversed>(e).Points),
            "loyalty.tier-changed" => this with { Tier = Sourced.Newer(Tier, Read<Contracts.TierChanged>(e).To, e) },
            _ => this,
        };
        return next with { Events = Events + 1 };
    }

    PortraitState Purchase(Noted e, Contracts.PurchaseRecorded p) => this with
    {
        Purchases = Sourced.Running(Purchases, (Purchases?.Value ?? 0) + 1, e),
        NetRevenue = Sourced.Running(NetRevenue, (NetRevenue?.Value ?? 0) + p.BaseNet, e),
        Currency = p.BaseCurrency,
        FirstPurchase = FirstPurchase is null || p.OccurredAt < FirstPurchase.Value ? new(p.OccurredAt, e.EventId, e.OccurredAt) : FirstPurchase,
        LastPurchase = LastPurchase is null || p.OccurredAt >= LastPurchase.Value ? new(p.OccurredAt, e.EventId, e.OccurredAt) : LastPurchase,
        Channels = Add(Channels, p.Channel, 1),
        Categories = p.Lines.Aggregate(Categories, (all, line) => Add(all, line.Category ?? "–", line.Net * p.Rate)),
    };

    PortraitState Return(Noted e, Contracts.PurchaseReturned r) => this with
    {
        WhollyReturned = r.WhollyReturned ? Sourced.Running(WhollyReturned, (WhollyReturned?.Value ?? 0) + 1, e) : WhollyReturned,
        NetRevenue = Sourced.Running(NetRevenue, (NetRevenue?.Value ?? 0) - r.BaseNet, e),
    };

    PortraitState Interaction(Noted e, Contracts.InteractionRecorded i, TimeZoneInfo zone) => this with
    {
        Interactions = Sourced.Running(Interactions, (Interactions?.Value ?? 0) + 1, e),
        AnsweredHours = i.Answered ? Add(AnsweredHours, TimeZoneInfo.ConvertTime(i.OccurredAt, zone).Hour, 1) : AnsweredHours,
    };

    PortraitState Ticket(Noted e, string state) => this with { TicketStates = Set(TicketStates, e.Data.GetProperty("ticketId").GetString()!, state, e) };

    // A balance is a sum, so it does not matter in which order its movements are heard.
    PortraitState WithPoints(Noted e, long change) => this with { Points = Sourced.Running(Points, (Points?.Value ?? 0) + change, e) };

    static T Read<T>(Noted e) => e.Data.Deserialize<T>(EventStoreOptions.Json)!;

    static SortedDictionary<TKey, TValue> Add<TKey, TValue>(SortedDictionary<TKey, TValue>? there, TKey key, TValue value) where TKey : notnull where TValue : System.Numerics.INumber<TValue>
    {
        var next = there is null ? [] : new SortedDictionary<TKey, TValue>(there, there.Comparer);
        next[key] = next.TryGetValue(key, out var old) ? old + value : value;
        return next;
    }

    static SortedDictionary<string, Sourced<T>> Set<T>(SortedDictionary<string, Sourced<T>>? there, string key, T value, Noted e)
    {
        var next = there is null ? new SortedDictionary<string, Sourced<T>>(StringComparer.Ordinal) : new(there, StringComparer.Ordinal);
        next[key] = Sourced.Newer(next.GetValueOrDefault(key), value, e);
        return next;
    }
}
