using CrmPlatform.Portraits.Profiles;
using CrmPlatform.Portraits.Timelines;

namespace CrmPlatform.Portraits.Portraits;

/// <summary>Whether the portrait shows the profile.</summary>
public static class ProfileShown
{
    public const string Told = "told";

    /// <summary>It was not asked for.</summary>
    public const string NotAsked = "not-asked";

    /// <summary>Customers did not answer.</summary>
    public const string Away = "away";

    /// <summary>The caller may not see personal text.</summary>
    public const string Withheld = "withheld";
}

/// <summary>
/// The portrait 画像: basics, behaviour, value, service and loyalty, a value that one event gave with that event. What was never told is
/// null, counts begin at 0.
/// </summary>
/// <param name="Group">The customers who are one with this one: it is the portrait of all; null for one who is alone.</param>
/// <param name="Kind"><c>individual</c> for a person, <c>enterprise</c> for a company.</param>
/// <param name="Forgotten">True once the customer asked to be forgotten.</param>
/// <param name="AsOf">What had happened by then is shown; null for now.</param>
/// <param name="KnownAt">What was recorded by then is shown; null for now.</param>
/// <param name="Profile">Whether name, contacts, tags and the like are shown: <c>told</c>, <c>not-asked</c>, <c>away</c> while customers
/// does not answer, or <c>withheld</c> (only tags are shown) from who may not see personal text.</param>
/// <param name="Basics">Who it is.</param>
/// <param name="Behaviour">What they buy and do.</param>
/// <param name="Value">What they are worth to the company: RFM, ABC, lifecycle.</param>
/// <param name="Service">Their tickets.</param>
/// <param name="Loyalty">Their points and tier.</param>
/// <param name="Events">How many entries of the timeline it was made of.</param>
public sealed partial record Portrait(
    Guid CustomerId,
    Group? Group,
    [property: OneOf("individual", "enterprise")] string Kind,
    bool Forgotten,
    DateTimeOffset? AsOf,
    DateTimeOffset? KnownAt,
    string Profile,
    Portrait.BasicsPart Basics,
    Portrait.BehaviourPart Behaviour,
    Portrait.ValuePart Value,
    Portrait.ServicePart Service,
    Portrait.LoyaltyPart Loyalty,
    int Events
)
{
    /// <param name="profile">Null only where the state knows of the registration.</param>
    public static Portrait Of(
        PortraitState s,
        Group? group,
        CustomerProfile? profile,
        string shown,
        DateTimeOffset? asOf,
        DateTimeOffset? knownAt
    ) =>
        new(
            CustomerId: s.CustomerId,
            Group: group,
            Kind: profile?.Kind ?? s.Kind!.Value,
            Forgotten: s.ForgottenAt is not null || profile?.Forgotten == true,
            AsOf: asOf,
            KnownAt: knownAt,
            Profile: shown,
            Basics: BasicsOf(s, shown is ProfileShown.Told or ProfileShown.Withheld ? profile : null, profile?.RegisteredAt),
            Behaviour: BehaviourOf(s),
            Value: new(
                s.Rfm is { Value: { } rfm } r ? new(rfm, r.Source, r.At) : null,
                s.Abc is { Value: { } abc } a ? new(abc, a.Source, a.At) : null,
                s.Stage,
                s.Segments.Where(x => x.Value.Value).ToDictionary()
            ),
            Service: new(
                s.Tickets,
                s.TicketStates.Values.Count(t => t.Value is "open" or "waiting"),
                s.Breaches,
                s.LastSatisfaction,
                s.SatisfactionCount == 0 ? null : Math.Round((decimal)s.SatisfactionSum / s.SatisfactionCount, 2),
                s.SatisfactionCount
            ),
            Loyalty: new(s.Points, s.PointsEarned, s.Tier),
            Events: s.Entries
        );

    static BasicsPart BasicsOf(PortraitState s, CustomerProfile? p, DateTimeOffset? registeredAt)
    {
        var (details, about) = (p?.Details, p?.Details?.Demographics);
        return new(
            Name: Basic(details?.Name),
            Gender: Basic(about?.Gender),
            AgeBand: Basic(about?.AgeBand),
            IncomeBand: Basic(about?.IncomeBand),
            HouseholdSize: about?.HouseholdSize is { } size ? new(size, p!.ProfileSource, p.ProfileAt) : null,
            Province: Basic(about?.Province),
            City: Basic(about?.City),
            Language: Basic(about?.Language),
            Industry: Basic(about?.Industry),
            CompanySize: Basic(about?.CompanySize),
            Contacts: details?.Contacts,
            ContactPersons: details?.ContactPersons,
            Psychographics: details?.Psychographics,
            Tags: p?.Tags,
            Consents: s.Consents,
            RegisteredAt: s.Kind?.At ?? registeredAt
        );

        Sourced<string>? Basic(string? value) => value is null ? null : new(value, p!.ProfileSource, p.ProfileAt);
    }

    static BehaviourPart BehaviourOf(PortraitState s)
    {
        var netOrders = s.Purchases is null ? null : s.Purchases with { Value = s.Purchases.Value - (s.WhollyReturned?.Value ?? 0) };
        var average =
            netOrders is { Value: > 0 } && s.NetRevenue is not null ? Math.Round(s.NetRevenue.Value / netOrders.Value, 2) : (decimal?)null;
        var best = s.AnsweredHours.Values.Sum() >= 5 ? s.AnsweredHours.MaxBy(h => h.Value).Key : (int?)null;
        return new(
            Purchases: s.Purchases,
            NetOrders: netOrders,
            NetRevenue: s.NetRevenue,
            Currency: s.Currency?.Value,
            AverageOrder: average,
            FirstPurchase: s.FirstPurchase,
            LastPurchase: s.LastPurchase,
            Channels: Shares(s.Channels.Select(c => (c.Key, (decimal)c.Value))),
            Categories: Shares(Kept(s)),
            PageViews: s.PageViews,
            Interactions: s.Interactions,
            BestContactHour: best
        );
    }

    /// <summary>What a return took without saying of which category, in proportion.</summary>
    static IEnumerable<(string Name, decimal Value)> Kept(PortraitState s)
    {
        var all = s.Categories.Values.Sum();
        return s.Unplaced == 0 || all <= 0
            ? s.Categories.Select(c => (c.Key, c.Value))
            : s.Categories.Select(c => (c.Key, Math.Round(c.Value * Math.Max(0, 1 - s.Unplaced / all), 2)));
    }

    static Share[] Shares(IEnumerable<(string Name, decimal Value)> parts)
    {
        var all = parts.OrderByDescending(p => p.Value).ThenBy(p => p.Name, StringComparer.Ordinal).ToList();
        return [.. all.Zip(Percentages.Of([.. all.Select(p => p.Value)]), (p, percent) => new Share(p.Name, p.Value, percent))];
    }
}
