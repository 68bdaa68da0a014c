namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// Under whose id the customer is judged from now on: as one with others, or alone again. What they buy is still counted in their own
/// stream.
/// </summary>
/// <param name="SurvivorId">Null for a customer who is judged under their own id: alone, or as the survivor of a group.</param>
public sealed record GroupChanged(Guid? SurvivorId, DateTimeOffset OccurredAt, DateTimeOffset? DueAt) : IMovesDueDate;

/// <summary>Something has changed by which a group is judged; that is done shortly afterwards.</summary>
/// <param name="SurvivorId">Under whose id; null for the stream's own customer.</param>
/// <param name="Cause">The cause of a change of stage.</param>
/// <param name="OccurredAt">When it changed.</param>
public sealed record JudgementDue(Guid? SurvivorId, string Cause, DateTimeOffset OccurredAt) : ICustomerEvent;

/// <summary>By whose orders, besides their own, a survivor is judged from now on; nobody's: they are alone.</summary>
/// <param name="Through">Number of the event that called for it.</param>
public sealed record MembersCounted(IReadOnlyList<Guid> Members, long Through) : ICustomerEvent;

/// <summary>The grade that the customer had alone: it holds again when they are alone, unless a run came in between.</summary>
/// <param name="RunId">The run that was in force; null before the first.</param>
public sealed record GradeSuspended(string? Grade, Guid? RunId) : ICustomerEvent;
