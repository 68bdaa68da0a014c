namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>Customers who have bought alike are one pattern with a weight.</summary>
/// <param name="X">Repeat purchase days: business days with a net order, less the first.</param>
/// <param name="Recency">t_x: weeks from the first to the last of them.</param>
/// <param name="Age">T: weeks from the first of them to the day as of which is asked.</param>
/// <param name="Weight">So many customers.</param>
public readonly record struct PurchasePattern(int X, double Recency, double Age, double Weight)
{
    public static PurchasePattern[] Of(IEnumerable<(int X, double Recency, double Age)> customers)
    {
        var weights = new Dictionary<(int X, double Recency, double Age), int>();
        foreach (var customer in customers)
            weights[customer] = weights.GetValueOrDefault(customer) + 1;
        return [.. weights.Select(w => new PurchasePattern(w.Key.X, w.Key.Recency, w.Key.Age, w.Value))];
    }
}
