using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>How promises were kept, as it was known at an instant.</summary>
/// <param name="From">The period begins here.</param>
/// <param name="Until">It ends just before here.</param>
/// <param name="AsOf">What happened after this instant does not count; what was told later about before counts.</param>
/// <param name="Opened">Tickets that were opened in the period, and by then; all other figures are about these.</param>
/// <param name="Solved">Those that were solved or closed then.</param>
/// <param name="FirstContact">Those of the solved that never came back and never went from one agent to another.</param>
/// <param name="FirstContactRate">Share of <c>FirstContact</c> among the solved, with four decimals; null if none is solved.</param>
/// <param name="Reopened">Those that had come back after they were solved.</param>
/// <param name="ReopenRate">Share of <c>Reopened</c> among those that were ever solved; null if none was.</param>
/// <param name="FirstResponse">The promise of a first response.</param>
/// <param name="Acknowledgement">The promise of an acknowledgement, of complaints.</param>
/// <param name="NextUpdate">The promise of an answer whenever the customer wrote again.</param>
/// <param name="Resolution">The promise of a solution.</param>
/// <param name="Hours">Where the time of these tickets went.</param>
/// <param name="Satisfaction">What the customers of these tickets had answered by then.</param>
public sealed record DeskFigures(
    DateTimeOffset From,
    DateTimeOffset Until,
    DateTimeOffset AsOf,
    long Opened,
    long Solved,
    long FirstContact,
    decimal? FirstContactRate,
    long Reopened,
    decimal? ReopenRate,
    PromiseFigures FirstResponse,
    PromiseFigures Acknowledgement,
    PromiseFigures NextUpdate,
    PromiseFigures Resolution,
    SpanHours Hours,
    SatisfactionSummary Satisfaction
);

/// <summary>How one of the promises was kept.</summary>
/// <param name="Met">Kept in time.</param>
/// <param name="Missed">Broken and not excused by then, or due by then and not kept. What was open and not due yet is neither met nor
/// missed.</param>
/// <param name="Attainment">Share of met among met and missed, 0 to 1 with four decimals; null if there is neither.</param>
/// <param name="MedianMinutes">Business minutes that half of those that were answered or solved took at most (nearest rank); null if there
/// is none.</param>
/// <param name="P90Minutes">Business minutes that nine in ten of them took at most; null if there is none.</param>
public sealed record PromiseFigures(long Met, long Missed, decimal? Attainment, int? MedianMinutes, int? P90Minutes);

/// <summary>Hours by the wall clock, of all tickets together, with two decimals.</summary>
/// <param name="Active">It was the desk's turn.</param>
/// <param name="Waiting">It was the customer's turn.</param>
/// <param name="Solved">From a solution until the ticket was closed or came back.</param>
public sealed record SpanHours(decimal Active, decimal Waiting, decimal Solved);
