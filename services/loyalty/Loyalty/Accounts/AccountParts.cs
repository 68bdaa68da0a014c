using System.Collections.Immutable;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

public sealed record Redemption(IReadOnlyList<Allocation> From, DateTimeOffset At, bool Cancelled = false);

/// <param name="Points">Signed: negative for those that went to the other.</param>
public sealed record Transfer(Guid Other, long Points, DateTimeOffset At);

/// <param name="Total">Returned so far, with it.</param>
public sealed record Refund(DateTimeOffset At, decimal Total);

/// <param name="Net">In the base currency.</param>
public sealed record CountedPurchase(
    decimal Net,
    decimal Refunded,
    DateTimeOffset At,
    ImmutableArray<Guid> Lots,
    ImmutableList<Refund>? Refunds = null
)
{
    /// <summary>What had not come back before an instant, whenever that was told.</summary>
    public decimal KeptAt(DateTimeOffset at) => Net - (Refunds ?? []).Where(r => r.At < at).Select(r => r.Total).DefaultIfEmpty().Max();
}

/// <summary>A tier that somebody gave.</summary>
public sealed record AssignedTier(string Reason, string By, DateTimeOffset? Until);

/// <summary>The points of these instants, both included, made a tier.</summary>
public sealed record TierCause(DateTimeOffset From, DateTimeOffset To);

/// <summary>Which row of which import the account has taken over.</summary>
public sealed record Takeover(string ImportId, string Content, DateTimeOffset At);

public sealed record Proposal(long Points, string Reason, string By);
