using CrmPlatform.Segmentation.Grading;

namespace CrmPlatform.Segmentation.Tests.Grading;

/// <summary>The formula as it is written, in floating point, for the first of some customers.</summary>
static class PlainScore
{
    public static double Of(GradeScheme scheme, double[][] columns)
    {
        var norms = scheme.Indicators.Select((indicator, i) => Norm(indicator, columns[i], columns[i][0])).ToList();
        var whole = scheme.Indicators.Zip(norms).Where(p => p.Second is not null).Sum(p => (double)p.First.Weight);
        if (whole == 0)
            return 0;
        return scheme
            .Indicators.Zip(norms)
            .GroupBy(p => p.First.Group)
            .Sum(g =>
                Math.Min(
                    (double)(scheme.Groups.FirstOrDefault(x => x.Id == g.Key)?.Cap ?? 100),
                    g.Sum(p => (double)p.First.Weight / whole * (p.Second ?? 0))
                )
            );
    }

    static double? Norm(Indicator indicator, double[] all, double value)
    {
        var known = all.Where(v => !double.IsNaN(v)).ToList();
        if (double.IsNaN(value))
            return indicator.Missing switch
            {
                MissingValue.Skip => null,
                MissingValue.Zero => 0,
                _ => known.Count == 0 ? 0 : known.Average(v => Norm(indicator, all, v)!.Value),
            };
        var down = indicator.Direction == Direction.Down;
        if (indicator.Norm == IndicatorNorm.Percentile)
            return known.Count < 2 ? 0 : 100.0 * known.Count(v => down ? v > value : v < value) / (known.Count - 1);
        var (lo, hi) = ((double)indicator.Lo!, (double)indicator.Hi!);
        var norm = 100 * Math.Clamp((value - lo) / (hi - lo), 0, 1);
        return down ? 100 - norm : norm;
    }
}
