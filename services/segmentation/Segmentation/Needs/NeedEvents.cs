namespace CrmPlatform.Segmentation.Needs;

public interface INeedEvent
{
    Guid CustomerId { get; }
    DateTimeOffset OccurredAt { get; }
}

/// <summary>A run found another band of a need than the one before.</summary>
/// <param name="Counted">k: orders of the window that show it.</param>
/// <param name="Orders">n: orders of the window.</param>
/// <param name="Mean">m of the run, rounded to six decimals.</param>
/// <param name="Deviation">σ of the run.</param>
/// <param name="Evidence">Ids of orders that show it, the latest first, twenty at most.</param>
public sealed record NeedInferred(
    Guid CustomerId,
    string Code,
    NeedBand Band,
    int Counted,
    int Orders,
    double Mean,
    double Deviation,
    Guid RunId,
    DateOnly AsOf,
    IReadOnlyList<Guid> Evidence,
    DateTimeOffset OccurredAt
) : INeedEvent;

/// <summary>The need is inferred no more.</summary>
/// <param name="Reason"><c>run</c> (one found it gone), <c>unknown</c> (fewer than five orders are left), <c>declared</c>,
/// <c>contested</c>, <c>refused</c> (the customer refuses to be profiled) or <c>merged</c>.</param>
/// <param name="RunId">The run that found it gone; null where it was no run.</param>
public sealed record NeedGone(Guid CustomerId, string Code, string Reason, Guid? RunId, DateTimeOffset OccurredAt) : INeedEvent;

/// <summary>What others are told: all needs that stand, in the order of their codes.</summary>
public sealed record NeedsChanged(Guid CustomerId, IReadOnlyList<StandingNeed> Needs, DateTimeOffset OccurredAt) : INeedEvent;

/// <param name="Origin"><c>declared</c> or <c>inferred</c>.</param>
/// <param name="Band">Of an inferred need; null for a declared one: nobody says how strong it is.</param>
public sealed record StandingNeed(string Code, string Origin, NeedBand? Band)
{
    public const string Declared = "declared",
        Inferred = "inferred";
}
