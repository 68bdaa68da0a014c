namespace CrmPlatform.Segmentation.Lifecycle;

/// <summary>
/// How long a customer may be quiet (θ), and who is loyal. θ is not shorter than a week, which is the least time in a stage but for a
/// purchase; the default not shorter than the minimum, so that no silence up to the minimum ever counts.
/// </summary>
public sealed record LifecyclePolicy(TimeSpan MinQuiet, TimeSpan DefaultQuiet)
{
    const int GapsToJudge = 3;
    const double Patience = 1.5;

    public static LifecyclePolicy Default { get; } = new(TimeSpan.FromDays(30), TimeSpan.FromDays(90));

    /// <summary>An order counts for loyalty from its instant until just before that instant and this.</summary>
    public static TimeSpan LoyalWindow { get; } = TimeSpan.FromDays(365);

    /// <summary>For so long the conditions of loyalty must have held.</summary>
    public static TimeSpan LoyalHeld { get; } = TimeSpan.FromDays(30);

    /// <summary>So many net orders within the window make an active customer loyal.</summary>
    public int LoyalOrders { get; init; } = 6;

    /// <summary>Tiers that make an active customer loyal, in loyalty's words.</summary>
    public IReadOnlySet<string> LoyalTiers { get; init; } = new HashSet<string>();

    /// <summary>Whether a survey's score of 1 to 5 says that the customer is not content.</summary>
    public static bool IsLow(int score) => score <= 2;

    /// <summary>θ = max(minimum, 1.5 × median gap between orders) with at least three gaps, else the default.</summary>
    /// <param name="orders">Instants of the net orders, ascending.</param>
    public TimeSpan Quiet(ReadOnlySpan<DateTimeOffset> orders)
    {
        var n = orders.Length - 1;
        if (n < GapsToJudge)
            return DefaultQuiet;
        Span<long> gaps = n <= 128 ? stackalloc long[n] : new long[n];
        for (var i = 0; i < n; i++)
            gaps[i] = orders[i + 1].UtcTicks - orders[i].UtcTicks;
        gaps.Sort();
        var median = (gaps[n / 2] + gaps[(n - 1) / 2]) / 2.0;
        // Whole seconds: a threshold is an instant that a person may check.
        var quiet = TimeSpan.FromSeconds(Math.Round(Patience * median / TimeSpan.TicksPerSecond));
        return quiet > MinQuiet ? quiet : MinQuiet;
    }
}
