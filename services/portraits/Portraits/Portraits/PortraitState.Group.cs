using CrmPlatform.Contracts;
using CrmPlatform.Portraits.Timelines;

namespace CrmPlatform.Portraits.Portraits;

public sealed partial record PortraitState
{
    /// <summary>The qualifying points that loyalty named with the tier: the better of two tiers is the one of more points.</summary>
    public Sourced<long>? TierPoints { get; init; }

    /// <summary>
    /// The portrait of customers who are one: that of somebody who did all that they did. Three things are not added up. Segmentation
    /// judges a group under its survivor, so what it said of the survivor holds; the tier is the better one, since each member keeps an
    /// account; and what one member refuses is refused.
    /// </summary>
    /// <param name="id">The member who was asked for.</param>
    /// <param name="group">Null for a customer who is alone.</param>
    /// <param name="members">Of whom anything was heard.</param>
    public static PortraitState Of(Guid id, Group? group, IReadOnlyList<PortraitState> members)
    {
        if (members.Count == 0 || group is null)
            return members.SingleOrDefault() ?? new() { CustomerId = id };
        var survivor = members.FirstOrDefault(m => m.CustomerId == group.SurvivorId) ?? new();
        return members.Aggregate((all, next) => all.And(next)) with
        {
            CustomerId = id,
            Rfm = survivor.Rfm,
            Abc = survivor.Abc,
            Stage = survivor.Stage,
            Segments = survivor.Segments,
        };
    }

    PortraitState And(PortraitState other) =>
        this with
        {
            ForgottenAt = !(other.ForgottenAt >= ForgottenAt) ? other.ForgottenAt ?? ForgottenAt : ForgottenAt,
            Kind = Sourced.Older(Kind, other.Kind),
            Purchases = Sourced.Sum(Purchases, other.Purchases),
            WhollyReturned = Sourced.Sum(WhollyReturned, other.WhollyReturned),
            NetRevenue = Sourced.Sum(NetRevenue, other.NetRevenue),
            Currency = Sourced.Newer(Currency, other.Currency),
            FirstPurchase = Sourced.Older(FirstPurchase, other.FirstPurchase),
            LastPurchase = Sourced.Newer(LastPurchase, other.LastPurchase),
            Channels = Joined(Channels, other.Channels, (a, b) => a + b),
            Categories = Joined(Categories, other.Categories, (a, b) => a + b),
            Unplaced = Unplaced + other.Unplaced,
            PageViews = Sourced.Sum(PageViews, other.PageViews),
            Interactions = Sourced.Sum(Interactions, other.Interactions),
            AnsweredHours = Joined(AnsweredHours, other.AnsweredHours, (a, b) => a + b),
            Tickets = Sourced.Sum(Tickets, other.Tickets),
            TicketStates = Joined(TicketStates, other.TicketStates, (a, b) => Sourced.Newer(a, b)!),
            Breaches = Sourced.Sum(Breaches, other.Breaches),
            LastSatisfaction = Sourced.Newer(LastSatisfaction, other.LastSatisfaction),
            SatisfactionSum = SatisfactionSum + other.SatisfactionSum,
            SatisfactionCount = SatisfactionCount + other.SatisfactionCount,
            Points = Sourced.Sum(Points, other.Points),
            PointsEarned = PointsEarned + other.PointsEarned,
            Tier = IsOfBetterTier(other) ? other.Tier : Tier,
            TierPoints = IsOfBetterTier(other) ? other.TierPoints : TierPoints,
            Consents = Joined(Consents, other.Consents, Stricter),
            Retracted = [.. Retracted.Union(other.Retracted)],
            Entries = Entries + other.Entries,
        };

    PortraitState WithTier(TierChanged t, Source e) =>
        this with
        {
            Tier = Sourced.Last(Tier, t.To, e),
            TierPoints = Sourced.Last(TierPoints, t.QualifyingPoints, e),
        };

    bool IsOfBetterTier(PortraitState other) =>
        other.TierPoints is { } theirs
        && (TierPoints is not { } ours || (theirs.Value, theirs.Source).CompareTo((ours.Value, ours.Source)) > 0);

    static Sourced<bool> Stricter(Sourced<bool> one, Sourced<bool> other) =>
        one.Value == other.Value ? Sourced.Newer(one, other)!
        : one.Value ? other
        : one;

    static SortedDictionary<TKey, T> Joined<TKey, T>(SortedDictionary<TKey, T> one, SortedDictionary<TKey, T> other, Func<T, T, T> both)
        where TKey : notnull
    {
        var all = new SortedDictionary<TKey, T>(one, one.Comparer);
        foreach (var (key, value) in other)
            all[key] = all.TryGetValue(key, out var there) ? both(there, value) : value;
        return all;
    }
}
