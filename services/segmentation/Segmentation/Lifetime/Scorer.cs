namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>What a model expects of a customer.</summary>
/// <param name="Alive">P(alive).</param>
/// <param name="Weeks4">Expected purchase days in the next 4 weeks; and so on.</param>
/// <param name="Value">Expected value of a purchase day.</param>
/// <param name="Clv">Customer lifetime value: margin on what is bought in the next 12 months, discounted.</param>
public readonly record struct Score(double Alive, double Weeks4, double Weeks13, double Weeks26, double Weeks52, double Value, double Clv);

/// <summary>
/// Scores customers with one model. What is expected of a customer who is alive depends on x and T only: it is computed once for each pair,
/// which is most of the work. Not for use by several threads at once.
/// </summary>
/// <param name="margin">Share of a purchase's net that is earned, in (0, 1].</param>
public sealed class Scorer(PurchaseModel model, ValueModel value, double margin)
{
    /// <summary>The rate of interest for a month.</summary>
    public const double Discount = 0.01;

    const int Months = 12;
    const double Month = 52.0 / 12;

    readonly Dictionary<(int X, double Age), IfAlive> expectations = [];

    public Score Of(int x, double recency, double age, double meanValue)
    {
        if (!expectations.TryGetValue((x, age), out var e))
            expectations.Add((x, age), e = Expect(x, age));
        var (alive, worth) = (model.Alive(x, recency, age), value.Expected(x, meanValue));
        return new(
            alive,
            alive * e.Weeks4,
            alive * e.Weeks13,
            alive * e.Weeks26,
            alive * e.Weeks52,
            worth,
            margin * worth * alive * e.Discounted
        );
    }

    /// <summary>CLV = margin · value · Σ over months k of (E[X(k)] − E[X(k − 1)]) / (1 + d)^k, where a month is 52/12 weeks.</summary>
    IfAlive Expect(int x, double age)
    {
        Span<double> months = stackalloc double[Months + 1];
        var discounted = 0.0;
        for (var k = 1; k <= Months; k++)
        {
            months[k] = model.ExpectedIfAlive(x, age, k * Month);
            discounted += (months[k] - months[k - 1]) / Math.Pow(1 + Discount, k);
        }
        // Three months of 52/12 weeks are 13 weeks.
        return new(model.ExpectedIfAlive(x, age, 4), months[3], months[6], months[12], discounted);
    }

    readonly record struct IfAlive(double Weeks4, double Weeks13, double Weeks26, double Weeks52, double Discounted);
}
