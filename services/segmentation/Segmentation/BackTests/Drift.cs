namespace CrmPlatform.Segmentation.BackTests;

/// <summary>Whether the sizes of classes have moved: the population stability index.</summary>
public static class Drift
{
    public const double Watch = .1,
        Alarm = .25;

    const double Empty = .5;

    /// <summary>
    /// Σ (q − p) · ln(q / p) over the classes, p and q their shares then and now; an empty class counts as half a customer. Null where
    /// there is nobody.
    /// </summary>
    public static double? Psi(IReadOnlyList<int> reference, IReadOnlyList<int> current)
    {
        var (then, now) = (reference.Sum(), current.Sum());
        if (then == 0 || now == 0)
            return null;
        var psi = 0.0;
        for (var i = 0; i < reference.Count; i++)
        {
            if (reference[i] == 0 && current[i] == 0)
                continue;
            var (p, q) = (Math.Max(reference[i], Empty) / then, Math.Max(current[i], Empty) / now);
            psi += (q - p) * Math.Log(q / p);
        }
        return psi;
    }

    /// <summary><c>calm</c> below .1, <c>watch</c> below .25, else <c>alarm</c>.</summary>
    public static string State(double psi) =>
        psi < Watch ? "calm"
        : psi < Alarm ? "watch"
        : "alarm";
}
