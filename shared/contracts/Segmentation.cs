namespace CrmPlatform.Contracts;

/// <summary>
/// Scores 1 to 5 (5 = best) against the cut-off values of run RunId. Segment is the 5×5 grid's name, ChineseType one of the eight
/// types (重要价值 …). Live: changed by a purchase between runs; otherwise by the run itself.
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
/// The customer's grade in a scheme changed, by a run. Scheme <c>abc</c>: grades A, B, C. From is null for the first grade.
/// </summary>
[Contract("segmentation")]
public sealed record GradeChanged(Guid CustomerId, string Scheme, string? From, string To, Guid RunId, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// Prospect, New, Repeat, Active, Dormant, Churned, WonBack. OccurredAt is the instant of the cause, or of the threshold for a clock
/// transition.
/// </summary>
[Contract("segmentation")]
public sealed record LifecycleStageChanged(Guid CustomerId, string? From, string To, string Cause, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>The customer belongs to a segment from now on. Reason says which condition decided, in codes and numbers.</summary>
[Contract("segmentation")]
public sealed record SegmentEntered(Guid CustomerId, string Segment, int DefinitionVersion, string Reason, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>The customer no longer belongs to a segment.</summary>
[Contract("segmentation")]
public sealed record SegmentLeft(Guid CustomerId, string Segment, int DefinitionVersion, string Reason, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;
