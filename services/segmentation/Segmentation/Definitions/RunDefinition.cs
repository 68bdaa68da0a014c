using System.Text.Json.Serialization;
using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Definitions;

/// <summary>How a run measures and names its population. Each version stays as it was published.</summary>
public sealed record RunDefinition
{
    /// <summary>The one by which customers are scored and told; it is built in, and nobody publishes another under its code.</summary>
    public const string DefaultCode = "default";

    public static RunDefinition Default { get; } = new() { Code = DefaultCode, Name = "Default" };

    /// <summary>Under which it is published, and named by runs.</summary>
    public required string Code { get; init; }

    /// <summary>From 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Only orders of the last so many business days count, the as-of day included; null: all.</summary>
    public int? WindowDays { get; init; }

    /// <summary>What F counts: <c>orders</c> or <c>days</c>.</summary>
    public FrequencyMeasure Frequency { get; init; }

    /// <summary>Null: scores are fifths of the population.</summary>
    public RfmEdges? Edges { get; init; }

    /// <summary>Of the three scores in the index.</summary>
    public RfmWeights Weights { get; init; } = new();

    /// <summary>A table of one's own, of which the first segment that holds counts; null: the 5×5 grid.</summary>
    public IReadOnlyList<ScoreSegment>? Segments { get; init; }

    /// <summary>What A, B and C share out: <c>revenue</c> or <c>orders</c>.</summary>
    public AbcMeasure AbcMeasure { get; init; }

    /// <summary>A customer is A while the share before them is below this.</summary>
    public decimal ShareOfA { get; init; } = AbcScale.ShareOfA;

    /// <summary>The same of B.</summary>
    public decimal ShareOfB { get; init; } = AbcScale.ShareOfB;

    [JsonIgnore]
    public bool IsDefault => Code == DefaultCode;

    [JsonIgnore]
    public IEnumerable<string> SegmentNames =>
        Segments is null ? SegmentGrid.All.Select(s => s.Name) : Segments.Select(s => s.Name).Append(ScoreSegment.Others);

    public string SegmentOf(RfmScores scores) =>
        Segments is null ? SegmentGrid.Of(scores) : Segments.FirstOrDefault(s => s.Holds(scores))?.Name ?? ScoreSegment.Others;

    /// <summary>What the ABC classes share out, of a customer.</summary>
    public long Shared(Metrics metrics) => AbcMeasure == AbcMeasure.Revenue ? metrics.Revenue : metrics.Orders;

    public bool Equals(RunDefinition? other) =>
        other is not null
        && (Code, Version, Name, WindowDays, Frequency, Edges, Weights, AbcMeasure, ShareOfA, ShareOfB)
            == (
                other.Code,
                other.Version,
                other.Name,
                other.WindowDays,
                other.Frequency,
                other.Edges,
                other.Weights,
                other.AbcMeasure,
                other.ShareOfA,
                other.ShareOfB
            )
        && (Segments ?? []).SequenceEqual(other.Segments ?? [])
        && Segments is null == other.Segments is null;

    public override int GetHashCode() => HashCode.Combine(Code, Version);
}
