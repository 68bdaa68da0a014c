namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>A tenth of the customers by the predicted probability of a purchase, the likeliest first.</summary>
/// <param name="Customers">So many.</param>
/// <param name="Predicted">Mean predicted probability of at least one purchase.</param>
/// <param name="Observed">Share of them who bought.</param>
public sealed record ProbabilityDecile(int Customers, double Predicted, double Observed);

/// <summary>A tenth of the customers by customer lifetime value, the highest first.</summary>
/// <param name="Customers">So many.</param>
/// <param name="Predicted">Purchase days that were expected of them.</param>
/// <param name="Observed">Purchase days that they made.</param>
public sealed record ValueDecile(int Customers, double Predicted, long Observed);

/// <summary>A customer at the beginning of a closed window, and what they did in it.</summary>
/// <param name="Bought">Purchase days in the window.</param>
public readonly record struct Tried(int X, double Recency, double Age, double MeanValue, int Bought);

/// <summary>What a fit on what was known before a closed window predicted of it, and what happened.</summary>
/// <param name="Customers">Customers who were predicted: those who had bought, at least four weeks before the window.</param>
/// <param name="Base">Share of them who bought in the window.</param>
/// <param name="Predicted">Mean predicted probability.</param>
/// <param name="Brier">Mean squared difference of the probability and what happened (0 or 1).</param>
/// <param name="Skill">1 − Brier / (base · (1 − base)): what it is better than saying the base to everybody; null where all or none
/// bought.</param>
/// <param name="Auc">Probability that who bought had a higher one than who did not; null where all or none bought.</param>
/// <param name="Ece">Expected calibration error: mean distance of predicted and observed over ten groups of equal size.</param>
/// <param name="PredictedPurchases">Purchase days that were expected of all.</param>
/// <param name="ObservedPurchases">Purchase days that all made.</param>
/// <param name="Deciles">By probability.</param>
/// <param name="ByValue">By customer lifetime value; empty where the values could not be fitted.</param>
public sealed record Calibration(
    int Customers,
    double Base,
    double Predicted,
    double Brier,
    double? Skill,
    double? Auc,
    double Ece,
    double PredictedPurchases,
    long ObservedPurchases,
    IReadOnlyList<ProbabilityDecile> Deciles,
    IReadOnlyList<ValueDecile> ByValue
)
{
    const int Groups = 10;

    /// <param name="value">Null: there are no deciles by value.</param>
    /// <param name="customers">At least one; of equal predictions the one who comes first stays first.</param>
    public static Calibration Of(PurchaseModel model, ValueModel? value, double weeks, IReadOnlyList<Tried> customers)
    {
        var n = customers.Count;
        var said = customers
            .Select(c => (P: model.AnyPurchase(c.X, c.Recency, c.Age, weeks), Did: c.Bought > 0 ? 1.0 : 0.0))
            .OrderByDescending(s => s.P)
            .ToArray();
        var expected = customers.Select(c => (Customer: c, Purchases: model.Expected(c.X, c.Recency, c.Age, weeks))).ToArray();
        var (share, brier) = (said.Average(s => s.Did), said.Average(s => (s.P - s.Did) * (s.P - s.Did)));
        var deciles = Tenths(said, part => new ProbabilityDecile(part.Length, part.Average(s => s.P), part.Average(s => s.Did)));
        return new(
            Customers: n,
            Base: share,
            Predicted: said.Average(s => s.P),
            Brier: brier,
            Skill: share is > 0 and < 1 ? 1 - (brier / (share * (1 - share))) : null,
            Auc: share is > 0 and < 1 ? AreaUnderCurve(said) : null,
            Ece: deciles.Sum(d => Math.Abs(d.Predicted - d.Observed) * d.Customers) / n,
            PredictedPurchases: expected.Sum(e => e.Purchases),
            ObservedPurchases: customers.Sum(c => (long)c.Bought),
            Deciles: deciles,
            ByValue: value is null ? [] : ByValueOf(new Scorer(model, value, margin: 1), expected)
        );
    }

    /// <summary>As it is shown: probabilities with four decimals, purchases with two.</summary>
    public Calibration Rounded() =>
        this with
        {
            Base = Math.Round(Base, 4),
            Predicted = Math.Round(Predicted, 4),
            Brier = Math.Round(Brier, 4),
            Skill = Skill is { } s ? Math.Round(s, 4) : null,
            Auc = Auc is { } a ? Math.Round(a, 4) : null,
            Ece = Math.Round(Ece, 4),
            PredictedPurchases = Math.Round(PredictedPurchases, 2),
            Deciles = [.. Deciles.Select(d => d with { Predicted = Math.Round(d.Predicted, 4), Observed = Math.Round(d.Observed, 4) })],
            ByValue = [.. ByValue.Select(d => d with { Predicted = Math.Round(d.Predicted, 2) })],
        };

    static ValueDecile[] ByValueOf(Scorer scorer, (Tried Customer, double Purchases)[] expected) =>
        Tenths(
            [.. expected.OrderByDescending(e => scorer.Of(e.Customer.X, e.Customer.Recency, e.Customer.Age, e.Customer.MeanValue).Clv)],
            part => new ValueDecile(part.Length, part.Sum(e => e.Purchases), part.Sum(e => (long)e.Customer.Bought))
        );

    /// <summary>Ten groups of equal size, in order; fewer where there are not ten.</summary>
    internal static TGroup[] Tenths<T, TGroup>(T[] sorted, Func<T[], TGroup> group) =>
        [
            .. Enumerable
                .Range(0, Groups)
                .Select(k => sorted[(int)((long)k * sorted.Length / Groups)..(int)((long)(k + 1) * sorted.Length / Groups)])
                .Where(part => part.Length > 0)
                .Select(group),
        ];

    /// <summary>By the rank sum of Mann and Whitney; equal probabilities share their ranks.</summary>
    static double AreaUnderCurve((double P, double Did)[] highestFirst)
    {
        var (ranks, above, n) = (0.0, 0, highestFirst.Length);
        foreach (var equal in highestFirst.GroupBy(s => s.P).Select(g => (Size: g.Count(), Did: g.Sum(s => s.Did))))
        {
            ranks += equal.Did * (n - above - ((equal.Size - 1) / 2.0));
            above += equal.Size;
        }
        var did = highestFirst.Sum(s => s.Did);
        return (ranks - (did * (did + 1) / 2)) / (did * (n - did));
    }
}
