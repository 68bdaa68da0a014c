namespace CrmPlatform.Contracts;

/// <summary>
/// RFM scores from 1 to 5 (best), by the cut-off values of run RunId. Segment is the name in the 5×5 grid, ChineseType one of the eight
/// types (重要价值 …). Live is true when a purchase between two runs changed the score, and false when a run did.
/// </summary>
[Contract("segmentation")]
public sealed record RfmScored(
    Guid CustomerId,
    int Recency,
    int Frequency,
    int Monetary,
    string Segment,
    string ChineseType,
    Guid RunId,
    DateOnly AsOf,
    bool Live,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>
/// A run changed the customer's grade in a scheme. Scheme <c>abc</c> has the grades A, B and C. From is null for the first grade.
/// </summary>
[Contract("segmentation")]
public sealed record GradeChanged(Guid CustomerId, string Scheme, string? From, string To, Guid RunId, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// The customer has no scores and no grade any more: of what they bought nothing is left (Reason <c>no-net-orders</c>). Their last scores
/// and their grade are void.
/// </summary>
[Contract("segmentation")]
public sealed record PopulationLeft(Guid CustomerId, string Reason, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// The customer's lifecycle stage changed: Prospect, New, Repeat, Active, Dormant, Churned or WonBack. OccurredAt is the instant of the
/// cause; for a change by passing time, the instant at which the threshold was reached.
/// </summary>
[Contract("segmentation")]
public sealed record LifecycleStageChanged(Guid CustomerId, string? From, string To, string Cause, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>The customer entered a segment. Reason names the condition that decided, in codes and numbers.</summary>
[Contract("segmentation")]
public sealed record SegmentEntered(Guid CustomerId, string Segment, int DefinitionVersion, string Reason, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>The customer left a segment.</summary>
[Contract("segmentation")]
public sealed record SegmentLeft(Guid CustomerId, string Segment, int DefinitionVersion, string Reason, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;
