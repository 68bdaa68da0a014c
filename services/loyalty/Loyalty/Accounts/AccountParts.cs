using System.Collections.Immutable;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

public sealed record Redemption(IReadOnlyList<Allocation> From, DateTimeOffset At, bool Cancelled = false);

/// <param name="Points">Signed: negative for those that went to the other.</param>
public sealed record Transfer(Guid Other, long Points, DateTimeOffset At);

/// <param name="Total">Returned so far, with it.</param>
public sealed record Refund(DateTimeOffset At, decimal Total);

/// <param name="Net">In the base currency.</param>
/// <param name="Rate">From the purchase's currency to the base currency; null where it was not kept.</param>
/// <param name="Back">What came back of each product, in the base currency, by the returns that name products.</param>
/// <param name="Unnamed">What came back by the returns that name none.</param>
public sealed record CountedPurchase(
    decimal Net,
    decimal Refunded,
    DateTimeOffset At,
    ImmutableArray<Guid> Lots,
    ImmutableList<Refund>? Refunds = null,
    decimal? Rate = null,
    ImmutableDictionary<string, decimal>? Back = null,
    decimal Unnamed = 0
)
{
    public CountedPurchase After(ReturnCounted e)
    {
        var back = Back ?? ImmutableDictionary<string, decimal>.Empty;
        foreach (var line in e.Lines ?? [])
            back = back.SetItem(line.ProductId, back.GetValueOrDefault(line.ProductId) + line.Net);
        return this with
        {
            Refunded = e.Refunded,
            Refunds = (Refunds ?? []).Add(new(e.OccurredAt, e.Refunded)),
            Back = e.Lines is null ? Back : back,
            Unnamed = e.Lines is null ? Unnamed + e.Net : Unnamed,
        };
    }

    /// <summary>What had not come back before an instant, whenever that was told.</summary>
    public decimal KeptAt(DateTimeOffset at) => Net - (Refunds ?? []).Where(r => r.At < at).Select(r => r.Total).DefaultIfEmpty().Max();
}

/// <summary>A tier that somebody gave.</summary>
/// <param name="Reason">Why, as a code.</param>
/// <param name="By">Who gave it: the subject of their token.</param>
/// <param name="Until">When it is lifted by itself; null: when somebody lifts it.</param>
public sealed record AssignedTier(string Reason, string By, DateTimeOffset? Until);

/// <summary>The points of these instants, both included, made a tier.</summary>
public sealed record TierCause(DateTimeOffset From, DateTimeOffset To);

/// <summary>Which row of which import the account has taken over.</summary>
public sealed record Takeover(string ImportId, string Content, DateTimeOffset At);

public sealed record Proposal(long Points, string Reason, string By);
