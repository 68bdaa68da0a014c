using System.Text.Json.Serialization;
using CrmPlatform.Contracts;
using CrmPlatform.Portraits.Timelines;

namespace CrmPlatform.Portraits.Portraits;

/// <summary>RFM scores.</summary>
/// <param name="Recency">Score of the last net order's date, 1 to 5; 5 is the most recent.</param>
/// <param name="Frequency">Score of the number of net orders, 1 to 5; 5 is the most.</param>
/// <param name="Monetary">Score of the net revenue, 1 to 5; 5 is the most.</param>
/// <param name="Segment">Name of the segment in the 5×5 grid: <c>Champions</c>.</param>
/// <param name="ChineseType">One of the eight types: <c>重要价值</c>.</param>
/// <param name="RunId">The run whose cut-off values were used.</param>
/// <param name="AsOf">Business day at whose end that run measured the population.</param>
public sealed record Rfm(int Recency, int Frequency, int Monetary, string Segment, string ChineseType, Guid RunId, DateOnly AsOf);

/// <summary>
/// What the timeline says about a customer: the portrait without the profile. In whatever order the rooms were heard, the same entries make
/// the same state, to the byte.
/// </summary>
[JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
public sealed partial record PortraitState
{
    /// <summary>
    /// Numbers the shape and meaning of the state: raise it whenever this record or its fold changes, and each portrait is made again from
    /// its timeline.
    /// </summary>
    public const int Fold = 6;

    /// <summary>The category of what has none.</summary>
    const string None = "–";

    public Guid CustomerId { get; init; }

    /// <summary>When customers recorded that they were forgotten; what is recorded of them later counts no more.</summary>
    public DateTimeOffset? ForgottenAt { get; init; }
    public Sourced<string>? Kind { get; init; }
    public Sourced<int>? Purchases { get; init; }
    public Sourced<int>? WhollyReturned { get; init; }
    public Sourced<decimal>? NetRevenue { get; init; }
    public Sourced<string>? Currency { get; init; }
    public Sourced<DateTimeOffset>? FirstPurchase { get; init; }
    public Sourced<DateTimeOffset>? LastPurchase { get; init; }

    /// <summary>Purchases that were not wholly returned.</summary>
    public SortedDictionary<string, int> Channels { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What was paid, less what came back.</summary>
    public SortedDictionary<string, decimal> Categories { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What came back by returns that do not say of which category.</summary>
    public decimal Unplaced { get; init; }
    public Sourced<int>? PageViews { get; init; }
    public Sourced<int>? Interactions { get; init; }
    public SortedDictionary<int, int> AnsweredHours { get; init; } = [];
    public Sourced<Rfm?>? Rfm { get; init; }
    public Sourced<string?>? Abc { get; init; }
    public Sourced<string>? Stage { get; init; }
    public SortedDictionary<string, Sourced<bool>> Segments { get; init; } = new(StringComparer.Ordinal);
    public Sourced<int>? Tickets { get; init; }
    public SortedDictionary<Guid, Sourced<string>> TicketStates { get; init; } = [];
    public Sourced<int>? Breaches { get; init; }
    public Sourced<int>? LastSatisfaction { get; init; }
    public int SatisfactionSum { get; init; }
    public int SatisfactionCount { get; init; }
    public Sourced<long>? Points { get; init; }
    public long PointsEarned { get; init; }
    public Sourced<string>? Tier { get; init; }
    public SortedDictionary<string, Sourced<bool>> Consents { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Purchases that were never made: neither they nor their returns count.</summary>
    public SortedSet<Guid> Retracted { get; init; } = [];
    public int Entries { get; init; }

    /// <summary>
    /// With more entries. A retraction counts for those that come with it and after it: what is in the state already stays, so one that
    /// comes late needs the whole timeline.
    /// </summary>
    /// <param name="zone">The business's: hours of the day are counted in it.</param>
    public PortraitState With(IEnumerable<Entry> entries, TimeZoneInfo zone)
    {
        IReadOnlyList<Entry> all = [.. entries];
        var retracted = all.Select(e => e.Says).OfType<PurchaseRetracted>().Select(p => p.PurchaseId);
        return all.Aggregate(
            this with
            {
                Retracted = [.. Retracted.Union(retracted)],
            },
            (state, entry) =>
                state.With(entry.Says, new(entry.EventId, entry.Says?.OccurredAt ?? entry.OccurredAt), zone) with
                {
                    ForgottenAt =
                        entry.Says is CustomerForgotten && !(entry.RecordedAt >= state.ForgottenAt) ? entry.RecordedAt : state.ForgottenAt,
                }
        );
    }

    PortraitState With(IAboutCustomer? told, Source e, TimeZoneInfo zone)
    {
        var next = told switch
        {
            CustomerRegistered c => this with { Kind = Sourced.Older(Kind, c.Kind, e) },
            ConsentChanged c => this with { Consents = Set(Consents, $"{c.Purpose}/{c.Channel}", c.Granted, e) },
            PurchaseRecorded p => Retracted.Contains(p.PurchaseId) ? this : With(p, e),
            PurchaseReturned r => Retracted.Contains(r.PurchaseId) ? this : With(r, e),
            PageViewed => this with { PageViews = Sourced.Count(PageViews, e) },
            InteractionRecorded i => With(i, e, zone),
            RfmScored r => this with
            {
                Rfm = Sourced.Newer(
                    Rfm,
                    new(
                        Recency: r.Recency,
                        Frequency: r.Frequency,
                        Monetary: r.Monetary,
                        Segment: r.Segment,
                        ChineseType: r.ChineseType,
                        RunId: r.RunId,
                        AsOf: r.AsOf
                    ),
                    e
                ),
            },
            GradeChanged { Scheme: "abc" } g => this with { Abc = Sourced.Newer<string?>(Abc, g.To, e) },
            // A value of null says since when there is none: what is heard later and happened before does not bring it back.
            PopulationLeft => this with { Rfm = Sourced.Newer(Rfm, null, e), Abc = Sourced.Newer(Abc, null, e) },
            LifecycleStageChanged s => this with { Stage = Sourced.Last(Stage, s.To, e) },
            SegmentEntered s => this with { Segments = Set(Segments, s.Segment, true, e) },
            SegmentLeft s => this with { Segments = Set(Segments, s.Segment, false, e) },
            TicketOpened t => Ticket(t.TicketId, "open", e) with { Tickets = Sourced.Count(Tickets, e) },
            TicketWaiting t => Ticket(t.TicketId, "waiting", e),
            TicketReplied { By: "customer" } t => Ticket(t.TicketId, "open", e),
            TicketResolved t => Ticket(t.TicketId, "resolved", e),
            TicketReopened t => Ticket(t.TicketId, "open", e),
            TicketClosed t => Ticket(t.TicketId, "closed", e),
            SlaBreached => this with { Breaches = Sourced.Count(Breaches, e) },
            BreachExcused => this with { Breaches = Sourced.Running(Breaches, (Breaches?.Value ?? 0) - 1, e) },
            SurveyAnswered { Metric: "csat" } s => this with
            {
                LastSatisfaction = Sourced.Newer(LastSatisfaction, s.Score, e),
                SatisfactionSum = SatisfactionSum + s.Score - (s.Replaces ?? 0),
                SatisfactionCount = SatisfactionCount + (s.Replaces is null ? 1 : 0),
            },
            PointsEarned p => WithPoints(p.Points, e) with { PointsEarned = PointsEarned + p.Points },
            PointsAwarded p => WithPoints(p.Points, e) with { PointsEarned = PointsEarned + p.Points },
            PointsAdjusted p => WithPoints(p.Points, e),
            PointsRedeemed p => WithPoints(-p.Points, e),
            RedemptionCancelled p => WithPoints(p.Points, e),
            PointsTransferred p => WithPoints(p.Points, e),
            PointsExpired p => WithPoints(-p.Points, e),
            ExpiryCorrected p => WithPoints(p.Points, e),
            PointsReversed p => WithPoints(-p.Points, e),
            TierChanged t => WithTier(t, e),
            _ => this,
        };
        return next with { Entries = Entries + 1 };
    }

    PortraitState With(PurchaseRecorded p, Source e) =>
        this with
        {
            Purchases = Sourced.Count(Purchases, e),
            NetRevenue = Sourced.Running(NetRevenue, (NetRevenue?.Value ?? 0) + p.BaseNet, e),
            Currency = Sourced.Newer(Currency, p.BaseCurrency, e),
            FirstPurchase = Sourced.Older(FirstPurchase, p.OccurredAt, e),
            LastPurchase = Sourced.Newer(LastPurchase, p.OccurredAt, e),
            Channels = Add(Channels, p.Channel, 1),
            Categories = p.Lines.Aggregate(Categories, (all, line) => Add(all, line.Category ?? None, line.Net * p.Rate)),
        };

    PortraitState With(PurchaseReturned r, Source e) =>
        this with
        {
            WhollyReturned = r.WhollyReturned ? Sourced.Count(WhollyReturned, e) : WhollyReturned,
            NetRevenue = Sourced.Running(NetRevenue, (NetRevenue?.Value ?? 0) - r.BaseNet, e),
            Channels = r is { WhollyReturned: true, PurchaseChannel: { } bought } ? Add(Channels, bought, -1) : Channels,
            Categories = (r.Categories ?? []).Aggregate(Categories, (all, back) => Add(all, back.Category ?? None, -back.BaseNet)),
            Unplaced = r.Categories is null ? Unplaced + r.BaseNet : Unplaced,
        };

    PortraitState With(InteractionRecorded i, Source e, TimeZoneInfo zone) =>
        this with
        {
            Interactions = Sourced.Count(Interactions, e),
            AnsweredHours = i.Answered ? Add(AnsweredHours, TimeZoneInfo.ConvertTime(i.OccurredAt, zone).Hour, 1) : AnsweredHours,
        };

    PortraitState Ticket(Guid ticket, string state, Source e) => this with { TicketStates = Set(TicketStates, ticket, state, e) };

    // A balance is a sum, so it does not matter in which order its movements are heard.
    PortraitState WithPoints(long change, Source e) => this with { Points = Sourced.Running(Points, (Points?.Value ?? 0) + change, e) };

    static SortedDictionary<TKey, TValue> Add<TKey, TValue>(SortedDictionary<TKey, TValue> there, TKey key, TValue value)
        where TKey : notnull
        where TValue : System.Numerics.INumber<TValue> =>
        new(there, there.Comparer) { [key] = there.TryGetValue(key, out var old) ? old + value : value };

    static SortedDictionary<TKey, Sourced<T>> Set<TKey, T>(SortedDictionary<TKey, Sourced<T>> there, TKey key, T value, Source e)
        where TKey : notnull => new(there, there.Comparer) { [key] = Sourced.Newer(there.GetValueOrDefault(key), value, e) };
}
