using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Rfm;

/// <summary>A segment of a table of one's own.</summary>
/// <param name="Name">Its name, once in a table.</param>
/// <param name="Recency">Recency scores that it holds for.</param>
/// <param name="Frequency">Frequency scores that it holds for.</param>
/// <param name="Monetary">Monetary scores that it holds for.</param>
public sealed record ScoreSegment(
    [property: Required, Label(60)] string Name,
    ScoreRange Recency,
    ScoreRange Frequency,
    ScoreRange Monetary
)
{
    /// <summary>Of whom no segment of the table holds.</summary>
    public const string Others = "Others";

    public bool Holds(RfmScores scores) =>
        Recency.Holds(scores.Recency) && Frequency.Holds(scores.Frequency) && Monetary.Holds(scores.Monetary);
}
