namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>
/// What a purchase day of a customer is worth on average, the Gamma-Gamma model: amounts are gamma distributed (shape
/// <paramref name="P"/>) around a mean of the customer's own, whose scale is gamma distributed (<paramref name="Q"/>,
/// <paramref name="V"/>). It takes for granted that how often somebody buys says nothing of how much.
/// </summary>
/// <remarks>
/// Fader and Hardie, The Gamma-Gamma Model of Monetary Value (note, 2013); Fader, Hardie and Lee, RFM and CLV, JMR 42(4), 2005.
/// </remarks>
public sealed record ValueModel(double P, double Q, double V)
{
    /// <summary>
    /// Expected value of a purchase day, given the mean <paramref name="meanValue"/> of x repeat days: Fader and Hardie 2013, equation 5.
    /// In the unit of V. Of x = 0 it is the mean of all customers.
    /// </summary>
    public double Expected(int x, double meanValue) => P * (V + (x * Math.Max(0, meanValue))) / ((P * x) + Q - 1);
}
