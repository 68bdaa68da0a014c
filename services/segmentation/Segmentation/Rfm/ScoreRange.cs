using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Rfm;

/// <summary>Scores from one to another, both included.</summary>
/// <param name="From">The lowest, 1 to 5.</param>
/// <param name="To">The highest, 1 to 5.</param>
public readonly record struct ScoreRange([property: Range(1, 5)] int From, [property: Range(1, 5)] int To)
{
    public bool Holds(int score) => score >= From && score <= To;
}
