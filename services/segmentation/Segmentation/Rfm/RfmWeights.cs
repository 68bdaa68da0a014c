using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Rfm;

/// <summary>What the three scores weigh in the index; they add up to 1.</summary>
/// <param name="Recency">0 to 1.</param>
/// <param name="Frequency">0 to 1.</param>
/// <param name="Monetary">0 to 1.</param>
public sealed record RfmWeights(
    [property: Range(0, 1)] decimal Recency = .5m,
    [property: Range(0, 1)] decimal Frequency = .3m,
    [property: Range(0, 1)] decimal Monetary = .2m
)
{
    /// <summary>1 to 5: the weighted mean of the scores, to two decimals.</summary>
    public decimal Index(RfmScores scores) =>
        decimal.Round(Recency * scores.Recency + Frequency * scores.Frequency + Monetary * scores.Monetary, 2);

    /// <exception cref="RuleViolationException"><c>weights</c>: they do not add up to 1.</exception>
    public void Check()
    {
        if (Recency + Frequency + Monetary != 1)
            throw new RuleViolationException("weights", "The three weights add up to 1.", "weights");
    }
}
