using static CrmPlatform.Segmentation.Lifetime.SpecialFunctions;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>When a customer can drop out unseen.</summary>
public enum ModelKind
{
    /// <summary>MBG/NBD: after each purchase, the first one too.</summary>
    Mbg,

    /// <summary>BG/NBD: after each repeat purchase. Who bought once is alive for ever.</summary>
    Bg,
}

/// <summary>
/// Purchases of customers who leave without saying so. While alive a customer buys at random at a rate of their own, which is gamma
/// distributed (<paramref name="R"/>, <paramref name="Alpha"/>), and drops out after a purchase with a probability of their own, which is
/// beta distributed (<paramref name="A"/>, <paramref name="B"/>).
/// </summary>
/// <remarks>
/// BG/NBD: Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005. MBG/NBD: Batislam, Denizel and
/// Filiztekin, Empirical validation and comparison of models for customer base analysis, IJRM 24(3), 2007. Both in one: they differ in how
/// many chances to drop out a customer has surely not taken, <see cref="Survived"/>. Times are weeks since the first purchase: x repeat
/// purchase days, the last of them at t_x (<c>recency</c>), seen until T (<c>age</c>).
/// </remarks>
public sealed record PurchaseModel(ModelKind Kind, double R, double Alpha, double A, double B)
{
    // Where a = 1, or a + b = 1 in BG/NBD with x = 0, the formula of E[X(h)] is 0/0: there it is the mean of both sides.
    const double Near = 1e-6,
        Beside = 1e-4;

    /// <summary>Chances to drop out that a customer with so many repeat purchases did not take: x, and x − 1 in BG/NBD.</summary>
    internal static int Survived(ModelKind kind, int x) => kind == ModelKind.Mbg ? x : x - 1;

    /// <summary>
    /// P(alive | x, t_x, T), in (0, 1]: Fader, Hardie and Lee, Computing P(alive) Using the BG/NBD Model (note, 2008); Batislam et al.
    /// 2007, appendix A, equation 5.
    /// </summary>
    public double Alive(int x, double recency, double age) =>
        Survived(Kind, x) < 0 ? 1 : 1 / (1 + (A / (B + Survived(Kind, x)) * Math.Pow((Alpha + age) / (Alpha + recency), R + x)));

    /// <summary>
    /// Expected purchase days in the next <paramref name="weeks"/>: Fader, Hardie and Lee 2005, equation 10; Wagner and
    /// Hoppe, Erratum on the MBG/NBD Model, IJRM 25(3), 2008.
    /// </summary>
    public double Expected(int x, double recency, double age, double weeks) => Alive(x, recency, age) * ExpectedIfAlive(x, age, weeks);

    /// <summary><see cref="Expected"/> of a customer who is known to be alive: it does not depend on t_x.</summary>
    public double ExpectedIfAlive(int x, double age, double weeks)
    {
        var (s, until) = (Survived(Kind, x), Alpha + age + weeks);
        if (Math.Abs(A - 1) < Near || Math.Abs(A + B + s) < Near)
            return (
                    (this with { A = A - Beside }).ExpectedIfAlive(x, age, weeks)
                    + (this with { A = A + Beside }).ExpectedIfAlive(x, age, weeks)
                ) / 2;
        var f = Hypergeometric(R + x, B + s + 1, A + B + s, weeks / until);
        return Math.Max(0, (A + B + s) / (A - 1) * (1 - (Math.Pow((Alpha + age) / until, R + x) * f)));
    }

    /// <summary>
    /// Probability of at least one purchase in the next <paramref name="weeks"/>: alive, and the next purchase of somebody with the rate
    /// that x purchases in T let expect comes in time. Exact for both models, and what life can be compared with.
    /// </summary>
    public double AnyPurchase(int x, double recency, double age, double weeks) =>
        Alive(x, recency, age) * (1 - Math.Pow((Alpha + age) / (Alpha + age + weeks), R + x));

    /// <summary>
    /// Weeks since the first purchase at which P(alive) has fallen to <paramref name="level"/> if nothing is bought after t_x: P(alive)
    /// solved for T. Before t_x where it is lower from the last purchase on; null where it never falls.
    /// </summary>
    public double? FallsTo(double level, int x, double recency) =>
        Survived(Kind, x) < 0 ? null : ((Alpha + recency) * Math.Pow(((1 / level) - 1) * (B + Survived(Kind, x)) / A, 1 / (R + x))) - Alpha;
}
