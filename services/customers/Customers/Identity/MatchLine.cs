namespace CrmPlatform.Customers.Identity;

/// <summary>One line of the waterfall that adds up to the weight of a pair. It holds no value of either customer.</summary>
/// <param name="Comparison">What was compared: <c>base</c>, <c>name</c>, <c>birth-date</c>, <c>mobile</c> …</param>
/// <param name="Level">How alike it is: <c>exact</c>, <c>else</c> …</param>
/// <param name="Bits">What it adds to the weight, log2 of a likelihood ratio.</param>
public sealed record MatchLine(string Comparison, string Level, double Bits)
{
    /// <summary>Bits with six decimals, as they are shown, so that what is shown adds up.</summary>
    public static double Round(double bits) => Math.Round(bits, 6);
}
