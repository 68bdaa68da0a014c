using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>What of the purchases is measured.</summary>
public enum PurchaseMeasure
{
    /// <summary>Net orders.</summary>
    Count,

    /// <summary>Net revenue, in the base currency.</summary>
    Net,

    /// <summary>Net revenue of a net order, in the base currency; not known without one.</summary>
    Average,

    /// <summary>Business days with a net order.</summary>
    DistinctDays,

    /// <summary>Whole days since the last net order; not known without one.</summary>
    DaysSinceLast,
}

/// <summary>Which score is measured, by the cut-off values of the latest published run; not known before the first.</summary>
public enum ScoreMeasure
{
    Recency,
    Frequency,
    Monetary,

    /// <summary>The weighted mean of the three, .5/.3/.2.</summary>
    Index,

    /// <summary>3 for A, 2 for B, 1 for C.</summary>
    Abc,
}

/// <summary>A number of what the customer bought.</summary>
/// <param name="Measure"><c>count</c> (net orders), <c>net</c> (net revenue in the base currency), <c>average</c> (net revenue of an
/// order), <c>distinctDays</c> (business days with a net order) or <c>daysSinceLast</c> (whole days since the last net order).</param>
/// <param name="Days">Only orders of the last so many business days count, the as-of day included; all if left out.</param>
public sealed record PurchaseSource([property: Required] PurchaseMeasure? Measure, [property: Range(1, 3650)] int? Days = null);

/// <summary>Where an indicator's number comes from: exactly one member is given.</summary>
/// <param name="Purchases">From what the customer bought.</param>
/// <param name="Score">A score of RFM (1 to 5), <c>index</c> (1 to 5), or <c>abc</c> (A is 3, B 2, C 1), by the cut-off values of the
/// latest published run.</param>
public sealed record IndicatorSource(PurchaseSource? Purchases = null, ScoreMeasure? Score = null);
