namespace CrmPlatform.Segmentation.Rules;

/// <summary>Why a condition holds or does not: the parts that decide, down to facts.</summary>
/// <param name="Op"><c>all</c>, <c>any</c>, <c>at-least</c>, <c>not</c>, or what is asked about.</param>
sealed record Proof(string Op, Verdict Verdict)
{
    /// <summary>The condition, where it asks about the customer.</summary>
    public Condition? About { get; init; }
    public IReadOnlyList<Proof> Of { get; init; } = [];

    /// <summary>Null where it is not known.</summary>
    public decimal? Measured { get; init; }
    public decimal? Threshold { get; init; }

    /// <summary>Facts that suffice for the verdict, those first that count for longest.</summary>
    public IReadOnlyList<FactRef> Evidence { get; init; } = [];

    /// <summary>When the first of the facts that count at present counts no more.</summary>
    public long FirstLeaves { get; init; } = Instant.Never;

    /// <summary>If nothing new is told, the verdict stays until just before this instant.</summary>
    public long ValidUntil { get; init; } = Instant.Never;

    public IEnumerable<Proof> Leaves() => Of.Count == 0 ? [this] : Of.SelectMany(p => p.Leaves());
}
