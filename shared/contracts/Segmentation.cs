namespace CrmPlatform.Contracts;

/// <summary>
/// RFM scores from 1 to 5 (best), by the cut-off values of run RunId. Segment is the name in the 5×5 grid, ChineseType one of the eight
/// types (重要价值 …). Live is true when a purchase between two runs changed the score, and false when a run did.
/// </summary>
/// <param name="Recency">Score of the last purchase's date, 1 to 5; 5 is the most recent.</param>
/// <param name="Frequency">Score of the number of net orders, 1 to 5; 5 is the most.</param>
/// <param name="Monetary">Score of the net revenue, 1 to 5; 5 is the most.</param>
/// <param name="Segment">Name of the segment in the 5×5 grid: <c>Champions</c>.</param>
/// <param name="ChineseType">One of the eight types.</param>
/// <param name="RunId">The run whose cut-off values were used.</param>
/// <param name="AsOf">Business day at whose end that run measured the population.</param>
/// <param name="Live">True if a purchase between two runs changed the score.</param>
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
/// The customer's grade in a scheme changed: by a run, by what people said or no longer say, or by a merge or an unmerge. Scheme <c>abc</c>
/// has the grades A, B and C; all others are the company's own, with grades of their own. From is null for the first grade. Who leaves the
/// population, or whose override ends with no computed grade beneath it, is told with the last grade of the scheme.
/// </summary>
/// <param name="Scheme"><c>abc</c>, or the code of a scheme that the company published.</param>
/// <param name="From">The grade before.</param>
/// <param name="To">The grade now: <c>A</c>, <c>B</c> or <c>C</c> of <c>abc</c>.</param>
/// <param name="RunId">The run whose cut-off values it comes from; of an override, the run of the computed grade, all zeros where there is
/// none.</param>
/// <param name="Cause">In the company's own schemes: <c>run</c>, <c>scheme</c> (the first run of a version), <c>override</c> or
/// <c>override-ended</c>; absent of <c>abc</c>.</param>
[Contract("segmentation")]
public sealed record GradeChanged(
    Guid CustomerId,
    string Scheme,
    string? From,
    string To,
    Guid RunId,
    DateTimeOffset OccurredAt,
    string? Cause = null
) : IAboutKnownCustomer;

/// <summary>
/// The customer has no scores and no grade any more: of what they bought nothing is left (Reason <c>no-net-orders</c>), or they are one
/// with others and judged under the survivor's id (<c>merged</c>), or they are alone again and have not been graded yet
/// (<c>separated</c>). Their last scores and their grade are void.
/// </summary>
/// <param name="Reason"><c>no-net-orders</c>, <c>merged</c> or <c>separated</c>.</param>
[Contract("segmentation")]
public sealed record PopulationLeft(Guid CustomerId, string Reason, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// The customer's lifecycle stage changed: Prospect, Engaged, New, Repeat, Active, Loyal, Dormant, Churned, WonBack or Ended. OccurredAt is
/// the instant of the cause; for a change by passing time, the instant at which the threshold was reached.
/// </summary>
/// <param name="From">The stage before; absent for the first.</param>
/// <param name="To">The stage now.</param>
/// <param name="Cause">What changed it: <c>registered</c>, <c>contact</c> (one side spoke and the other replied), <c>purchase</c>,
/// <c>earlier-purchase</c> (one that was told late), <c>purchase-returned</c>, <c>purchase-retracted</c>, <c>held</c> (what makes loyal has
/// held for 30 days), <c>survey</c>, <c>tier</c>, <c>ended</c> or <c>reopened</c> (a person decided), <c>merged</c> (judged with others
/// from then on), <c>separated</c> (alone again), or <c>quiet</c> (the time that passed).</param>
[Contract("segmentation")]
public sealed record LifecycleStageChanged(Guid CustomerId, string? From, string To, string Cause, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>The customer entered a segment. Reason names the condition that decided, in codes and numbers.</summary>
/// <param name="Segment">Name of a segment of the 5×5 grid: <c>Champions</c>; or code of a rule segment, in lower case:
/// <c>lapsed-vips</c>.</param>
/// <param name="DefinitionVersion">Version of the segment's definition.</param>
/// <param name="Reason">The condition that decided, in codes and numbers.</param>
/// <param name="Cause">Of a rule segment: <c>definition</c> (it was published), <c>facts</c>, <c>time</c> (that alone), <c>pinned</c> (a
/// person decided) or <c>group</c> (merged or separated); absent for the grid.</param>
/// <param name="Held">The customer is in the share that is held out: a member who is not to be treated.</param>
[Contract("segmentation")]
public sealed record SegmentEntered(
    Guid CustomerId,
    string Segment,
    int DefinitionVersion,
    string Reason,
    DateTimeOffset OccurredAt,
    string? Cause = null,
    bool Held = false
) : IAboutKnownCustomer;

/// <summary>The customer left a segment.</summary>
/// <param name="Segment">Name of a segment of the 5×5 grid, or code of a rule segment.</param>
/// <param name="DefinitionVersion">Version of the segment's definition.</param>
/// <param name="Reason">Why, in codes and numbers.</param>
/// <param name="Cause">Of a rule segment: <c>definition</c>, <c>facts</c>, <c>time</c>, <c>pinned</c> or <c>group</c>; absent for the
/// grid.</param>
[Contract("segmentation")]
public sealed record SegmentLeft(
    Guid CustomerId,
    string Segment,
    int DefinitionVersion,
    string Reason,
    DateTimeOffset OccurredAt,
    string? Cause = null
) : IAboutKnownCustomer;

/// <summary>
/// P(alive) of the customer fell below 0.5, 0.3 or 0.2, by time alone: told once for each crossing, at its instant. What rises with a
/// purchase is told by nobody.
/// </summary>
/// <param name="From">The band before: <c>ok</c>, <c>watch</c>, <c>risk</c>.</param>
/// <param name="To">The band now: <c>watch</c> (below 0.5), <c>risk</c> (below 0.3) or <c>critical</c> (below 0.2).</param>
/// <param name="ModelId">The model of lifetime that says so.</param>
[Contract("segmentation")]
public sealed record ChurnRiskCrossed(Guid CustomerId, string From, string To, Guid ModelId, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// The customer has left: an episode of churn is open. It is told once, and again with the same id where what had ended the episode is not
/// so any more: the purchase was returned in whole or retracted, or customers were separated.
/// </summary>
/// <param name="EpisodeId">Id of the episode.</param>
/// <param name="Basis"><c>silence</c> (twice as long without a purchase as they may be quiet), <c>cancelled</c> (they said so) or
/// <c>p-alive</c> (P(alive) below 0.2 for 14 days).</param>
[Contract("segmentation")]
public sealed record ChurnDeclared(Guid CustomerId, Guid EpisodeId, string Basis, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// An episode of churn that was declared never was, by what became known later, or the customer is judged with others now.
/// </summary>
/// <param name="EpisodeId">Id of the episode.</param>
/// <param name="Reason"><c>earlier-purchase</c> (one that was told late), <c>purchase-gone</c> (the last one was returned in whole or
/// retracted) or <c>merged</c>.</param>
[Contract("segmentation")]
public sealed record ChurnRevoked(Guid CustomerId, Guid EpisodeId, string Reason, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>The customer bought again: the episode of churn is over.</summary>
/// <param name="EpisodeId">Id of the episode.</param>
/// <param name="PlanId">The win-back plan whose offer they had then; absent if none.</param>
[Contract("segmentation")]
public sealed record WonBack(Guid CustomerId, Guid EpisodeId, Guid? PlanId, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// A win-back plan has an offer for the customer: whoever sends messages sends it. It is told only of those who are treated; of those who
/// are held out to be compared with, nothing is told.
/// </summary>
/// <param name="PlanId">Id of the plan.</param>
/// <param name="Offer">Code of the offer.</param>
[Contract("segmentation", Internal = true)]
public sealed record WinBackOffered(Guid CustomerId, Guid PlanId, string Offer, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// What the customer cares about, all that stands: what they or an agent said, and what is inferred from orders. Told when a need comes or
/// goes, or its origin or band changes; an empty list: nothing stands any more. Of customers who are one it is told of the survivor.
/// </summary>
/// <param name="Needs">In the order of their codes.</param>
[Contract("segmentation", Internal = true)]
public sealed record NeedsChanged(Guid CustomerId, IReadOnlyList<CustomerNeed> Needs, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>A need that stands.</summary>
/// <param name="Code"><c>price</c>, <c>quality</c>, <c>service</c>, <c>novelty</c>, <c>brand</c> or <c>convenience</c>.</param>
/// <param name="Origin"><c>declared</c> or <c>inferred</c>.</param>
/// <param name="Band">Of an inferred need: <c>low</c> or <c>high</c>; absent of a declared one.</param>
public sealed record CustomerNeed(string Code, string Origin, string? Band = null);
