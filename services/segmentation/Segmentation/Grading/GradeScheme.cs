using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>How a number becomes 0 to 100.</summary>
public enum IndicatorNorm
{
    /// <summary>100 · clamp((v − lo) / (hi − lo), 0, 1).</summary>
    MinMax,

    /// <summary>100 · (customers who are strictly worse) / (N − 1), N being those of whom the number is known.</summary>
    Percentile,
}

public enum Direction
{
    Up,
    Down,
}

/// <summary>What counts where a number is not known.</summary>
public enum MissingValue
{
    Zero,
    Skip,
    Mean,
}

/// <summary>A number of the customer that counts for the score.</summary>
/// <param name="Id">Your code for it: <c>orders-a-year</c>.</param>
/// <param name="Source">Where the number comes from.</param>
/// <param name="Weight">Its share in the score; the weights of a scheme add up to 1.</param>
/// <param name="Norm">How the number becomes 0 to 100: <c>minMax</c> (its place between <c>lo</c> and <c>hi</c>) or <c>percentile</c> (the
/// share of the other customers who are worse).</param>
/// <param name="Lo">With <c>minMax</c>: from here down the norm is 0, in the unit of the source.</param>
/// <param name="Hi">With <c>minMax</c>: from here up the norm is 100.</param>
/// <param name="Direction"><c>up</c> (default): more is better; <c>down</c>: less is.</param>
/// <param name="Group">Id of a group that caps it with others.</param>
/// <param name="Missing">Where the number is not known: <c>zero</c> (default) counts 0, <c>mean</c> the mean norm of those of whom it is
/// known, <c>skip</c> spreads the weight over the customer's other indicators in proportion.</param>
public sealed record Indicator(
    [property: Required, Code] string Id,
    [property: Required] IndicatorSource Source,
    [property: Range(typeof(decimal), "0.000000001", "1")] decimal Weight,
    [property: Required] IndicatorNorm? Norm,
    [property: Range(typeof(decimal), "-1000000000000", "1000000000000")] decimal? Lo = null,
    [property: Range(typeof(decimal), "-1000000000000", "1000000000000")] decimal? Hi = null,
    Direction Direction = Direction.Up,
    [property: Code] string? Group = null,
    MissingValue Missing = MissingValue.Zero
);

/// <summary>Indicators that together give no more than a number of points.</summary>
/// <param name="Id">Your code for it.</param>
/// <param name="Cap">The most that they give, in points.</param>
public sealed record IndicatorGroup([property: Required, Code] string Id, [property: Range(typeof(decimal), "0.01", "100")] decimal Cap);

/// <summary>A grade and where it begins.</summary>
/// <param name="Grade">The grade: <c>S</c>.</param>
/// <param name="From">The least score for it, 0 to 100.</param>
public sealed record GradeFrom([property: Required, Label(20)] string Grade, [property: Range(typeof(decimal), "0", "100")] decimal From);

/// <summary>How customers are graded by several numbers. Each version stays as it was published.</summary>
public sealed record GradeScheme
{
    public const decimal UsualHysteresis = 2.00m;

    /// <summary>Under which it is published.</summary>
    public required string Code { get; init; }

    /// <summary>From 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The numbers that count.</summary>
    public required IReadOnlyList<Indicator> Indicators { get; init; }

    /// <summary>What caps some of them together.</summary>
    public IReadOnlyList<IndicatorGroup> Groups { get; init; } = [];

    /// <summary>From the best to the last, which begins at 0.</summary>
    public required IReadOnlyList<GradeFrom> Grades { get; init; }

    /// <summary>So many points below its beginning a grade is lost.</summary>
    public decimal Hysteresis { get; init; } = UsualHysteresis;

    /// <summary>Where the terms are published by which a grade gives other prices; null for a scheme that steers service alone.</summary>
    public string? Terms { get; init; }

    [JsonIgnore]
    public string Lowest => Grades[^1].Grade;

    [JsonIgnore]
    public bool UsesScores => Indicators.Any(i => i.Source.Score is not null);

    public bool Has(string grade) => Grades.Any(g => g.Grade == grade);

    /// <summary>
    /// The grade of a score for who had another one before: up when the score reaches a better grade, down when it is below the beginning
    /// of the grade less the hysteresis, and then only as far as the same holds of the grades beneath. So of two customers with one score,
    /// who was better before is not worse now.
    /// </summary>
    /// <param name="before">Null, or a grade that the scheme does not have: the score alone says.</param>
    public string GradeOf(decimal score, string? before)
    {
        var i = 0;
        while (score < Grades[i].From && Grades[i].Grade != before)
            i++;
        while (score < Grades[i].From - Hysteresis)
            i++;
        return Grades[i].Grade;
    }

    public bool Equals(GradeScheme? other) =>
        other is not null
        && (Code, Version, Name, Hysteresis, Terms) == (other.Code, other.Version, other.Name, other.Hysteresis, other.Terms)
        && Indicators.SequenceEqual(other.Indicators)
        && Groups.SequenceEqual(other.Groups)
        && Grades.SequenceEqual(other.Grades);

    public override int GetHashCode() => HashCode.Combine(Code, Version);
}
