using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Churn;

public interface IChurnEvent
{
    Guid CustomerId { get; }
    DateTimeOffset OccurredAt { get; }
}

/// <summary>A customer has left. An episode is declared once; there is at most one between two purchases.</summary>
/// <param name="LastPurchaseId">The purchase after which nothing was bought.</param>
/// <param name="Basis"><c>silence</c>, <c>cancelled</c> or <c>p-alive</c>.</param>
/// <param name="Since">When silence began: θ after the last purchase, or with the declaration where that is earlier.</param>
/// <param name="WarnedAt">Since when the customer had been in a band below ok; null where nothing had warned.</param>
public sealed record ChurnDeclared(
    Guid CustomerId,
    Guid EpisodeId,
    Guid LastPurchaseId,
    string Basis,
    DateTimeOffset Since,
    DateTimeOffset? WarnedAt,
    DateTimeOffset OccurredAt
) : IChurnEvent, ISaidOfCustomer;

/// <summary>The customer bought again.</summary>
/// <param name="PlanId">The win-back plan whose offer they had then.</param>
public sealed record EpisodeClosed(Guid CustomerId, Guid EpisodeId, Guid PurchaseId, Guid? PlanId, DateTimeOffset OccurredAt)
    : IChurnEvent,
        ISaidOfCustomer;

/// <summary>The episode never was, or is another customer's now.</summary>
/// <param name="Reason"><c>earlier-purchase</c> (one that was told late), <c>purchase-gone</c> (the last one was returned or retracted) or
/// <c>merged</c>.</param>
/// <param name="OccurredAt">When that became known.</param>
public sealed record ChurnRevoked(Guid CustomerId, Guid EpisodeId, string Reason, DateTimeOffset OccurredAt) : IChurnEvent, ISaidOfCustomer;

/// <summary>What had closed or revoked the episode is not so any more.</summary>
/// <param name="Basis">That of the declaration.</param>
/// <param name="OccurredAt">When that became known.</param>
public sealed record EpisodeReopened(Guid CustomerId, Guid EpisodeId, string Basis, DateTimeOffset OccurredAt)
    : IChurnEvent,
        ISaidOfCustomer;

/// <summary>What this room had heard before the silence points at a cause.</summary>
public sealed record ChurnCauseFound(
    Guid CustomerId,
    Guid EpisodeId,
    string Cause,
    IReadOnlyList<CauseShare> Shares,
    IReadOnlyList<Evidence> Evidence,
    DateTimeOffset OccurredAt
) : IChurnEvent;

/// <summary>Somebody said why. It beats what was found.</summary>
/// <param name="Competitor">Code of the competitor.</param>
/// <param name="By"><c>customer</c> or <c>agent</c>.</param>
public sealed record ChurnCauseStated(
    Guid CustomerId,
    Guid EpisodeId,
    string Cause,
    string? Competitor,
    string By,
    DateTimeOffset OccurredAt
) : IChurnEvent;

/// <summary>The customer said that they leave.</summary>
public sealed record CancellationNoted(Guid CustomerId, DateTimeOffset OccurredAt) : IChurnEvent;

/// <summary>P(alive) crossed a threshold.</summary>
/// <param name="Cause"><c>time</c> (the only one that is an alarm, when it falls), <c>purchase</c>, <c>facts</c> (told late) or
/// <c>model</c> (another one is active).</param>
public sealed record RiskBandChanged(Guid CustomerId, RiskBand From, RiskBand To, Guid ModelId, string Cause, DateTimeOffset OccurredAt)
    : IChurnEvent,
        ISaidOfCustomer;

/// <summary>A win-back plan has an offer for the customer.</summary>
/// <param name="Until">A purchase before this instant is the plan's success.</param>
public sealed record WinBackOffered(Guid CustomerId, Guid PlanId, string Offer, DateTimeOffset Until, DateTimeOffset OccurredAt)
    : IChurnEvent;

/// <summary>The customer was forgotten: nothing more is recorded of them.</summary>
public sealed record ChurnErased(Guid CustomerId, DateTimeOffset OccurredAt) : IChurnEvent;
