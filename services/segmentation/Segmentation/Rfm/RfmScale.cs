namespace CrmPlatform.Segmentation.Rfm;

/// <summary>
/// What a customer is compared by: the business day of the last net order, the number of net orders, net revenue in minor units.
/// </summary>
public readonly record struct Metrics(DateOnly LastOrder, long Orders, long Revenue);

/// <summary>Scores 1 to 5; 5 is best.</summary>
public readonly record struct RfmScores(int Recency, int Frequency, int Monetary);

/// <summary>
/// What a run measured its population with. The k-th cut-off is the value that a customer must be strictly better than to score k + 1, so
/// score = 1 + ⌊5 · (number strictly worse) / N⌋ for everybody in the population, ties share a score, and anybody else can be scored
/// against the same values. Recency is kept as dates, so that a score does not age between runs.
/// </summary>
/// <param name="AsOf">The business day at whose end the population was measured.</param>
/// <param name="Customers">N: customers with at least one net order.</param>
/// <param name="RecencyDays">Sum over the population of whole days since the last order; with the other two sums, the means of the eight
/// types.</param>
public sealed record RfmScale(
    DateOnly AsOf,
    int Customers,
    DateOnly[] LastOrder,
    long[] Orders,
    long[] Revenue,
    long RecencyDays,
    long TotalOrders,
    decimal TotalRevenue
)
{
    const int Classes = 5;

    /// <summary>The scale of a population, whatever its order.</summary>
    /// <param name="edges">Instead of fifths; the amounts in minor units.</param>
    public static RfmScale Of(DateOnly asOf, ReadOnlySpan<Metrics> population, FixedCutOffs? edges = null)
    {
        var n = population.Length;
        var (days, orders, revenue) = (new long[n], new long[n], new long[n]);
        var (recencyDays, totalOrders, totalRevenue) = (0L, 0L, 0m);
        for (var i = 0; i < n; i++)
        {
            (days[i], orders[i], revenue[i]) = (population[i].LastOrder.DayNumber, population[i].Orders, population[i].Revenue);
            recencyDays += asOf.DayNumber - days[i];
            totalOrders += orders[i];
            totalRevenue += revenue[i];
        }
        return new(
            AsOf: asOf,
            Customers: n,
            LastOrder: edges?.LastOrder ?? [.. CutOffs(days).Select(d => DateOnly.FromDayNumber((int)d))],
            Orders: edges?.Orders ?? CutOffs(orders),
            Revenue: edges?.Revenue ?? CutOffs(revenue),
            RecencyDays: recencyDays,
            TotalOrders: totalOrders,
            TotalRevenue: totalRevenue
        );
    }

    public RfmScores Score(Metrics customer) =>
        new(Above(LastOrder, customer.LastOrder), Above(Orders, customer.Orders), Above(Revenue, customer.Revenue));

    /// <summary>Near, often and much mean: at least as good as the population's mean.</summary>
    public string ChineseType(Metrics customer) =>
        ChineseTypes.Of(
            near: (AsOf.DayNumber - customer.LastOrder.DayNumber) * (long)Customers <= RecencyDays,
            often: customer.Orders * Customers >= TotalOrders,
            much: (decimal)customer.Revenue * Customers >= TotalRevenue
        );

    // Score k + 1 needs 5 · worse ≥ k · N, that is: the ⌈k · N / 5⌉-th smallest value is strictly worse.
    static long[] CutOffs(long[] values)
    {
        if (values.Length == 0)
            return [];
        Array.Sort(values);
        var cutOffs = new long[Classes - 1];
        for (var k = 1; k < Classes; k++)
            cutOffs[k - 1] = values[(int)(((long)k * values.Length + Classes - 1) / Classes) - 1];
        return cutOffs;
    }

    static int Above<T>(T[] cutOffs, T value)
        where T : IComparable<T>
    {
        var score = 1;
        foreach (var cutOff in cutOffs)
            if (value.CompareTo(cutOff) > 0)
                score++;
        return score;
    }

    public bool Equals(RfmScale? other) =>
        other is not null
        && (AsOf, Customers, RecencyDays, TotalOrders, TotalRevenue)
            == (other.AsOf, other.Customers, other.RecencyDays, other.TotalOrders, other.TotalRevenue)
        && LastOrder.SequenceEqual(other.LastOrder)
        && Orders.SequenceEqual(other.Orders)
        && Revenue.SequenceEqual(other.Revenue);

    public override int GetHashCode() => HashCode.Combine(AsOf, Customers, RecencyDays, TotalOrders, TotalRevenue);
}
