namespace CrmPlatform.Segmentation.Lifecycle;

/// <summary>Where a customer stands, by net orders and silence alone.</summary>
public enum LifecycleStage
{
    Prospect,
    New,
    Repeat,
    Active,
    Dormant,
    Churned,
    WonBack,
}

/// <summary>One step of a customer's history. Cause is a code.</summary>
public readonly record struct StageStep(LifecycleStage Stage, string Cause, DateTimeOffset At);

/// <summary>
/// How long a customer may be quiet (θ). Not shorter than a week, which is the least time in a stage but for a purchase; the default not
/// shorter than the minimum, so that no silence up to the minimum ever counts.
/// </summary>
public sealed record LifecyclePolicy(TimeSpan MinQuiet, TimeSpan DefaultQuiet)
{
    const int GapsToJudge = 3;
    const double Patience = 1.5;

    public static LifecyclePolicy Default { get; } = new(TimeSpan.FromDays(30), TimeSpan.FromDays(90));

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

/// <summary>
/// The state machine: Prospect → New → Repeat → Active by the first, second, third order; Dormant when quiet for longer than θ, Churned for
/// longer than 2θ; Churned → WonBack only by a purchase, WonBack → Active by the next. A step of the clock is dated at its threshold.
/// </summary>
public static class LifecycleRules
{
    public const string Registered = "registered",
        Purchase = "purchase",
        Quiet = "quiet",
        EarlierPurchase = "earlier-purchase",
        Returned = "purchase-returned",
        Retracted = "purchase-retracted",
        Merged = "merged",
        Separated = "separated";

    public static LifecycleStage AfterOrder(LifecycleStage? stage, int netOrders) =>
        (stage, netOrders) switch
        {
            (LifecycleStage.Churned, _) => LifecycleStage.WonBack,
            (LifecycleStage.WonBack, _) => LifecycleStage.Active,
            (_, 1) => LifecycleStage.New,
            (_, 2) => LifecycleStage.Repeat,
            _ => LifecycleStage.Active,
        };

    /// <summary>The instant after which the clock alone would move the customer on; null where it never does.</summary>
    public static DateTimeOffset? Due(LifecycleStage? stage, DateTimeOffset lastOrder, TimeSpan quiet) =>
        stage switch
        {
            null or LifecycleStage.Prospect or LifecycleStage.Churned => null,
            LifecycleStage.Dormant => lastOrder + (2 * quiet),
            _ => lastOrder + quiet,
        };

    /// <summary>The steps of the clock before an instant.</summary>
    public static IEnumerable<StageStep> Silence(LifecycleStage? stage, DateTimeOffset lastOrder, TimeSpan quiet, DateTimeOffset until)
    {
        while (Due(stage, lastOrder, quiet) is { } due && due < until)
        {
            stage = stage == LifecycleStage.Dormant ? LifecycleStage.Churned : LifecycleStage.Dormant;
            yield return new(stage.Value, Quiet, due);
        }
    }

    /// <summary>
    /// Until when a history is replayed so that it holds what is known up to and with an instant: a step of the clock at that very instant
    /// has been said. A database keeps microseconds.
    /// </summary>
    public static DateTimeOffset After(DateTimeOffset known) => known.AddTicks(TimeSpan.TicksPerMicrosecond);

    /// <summary>
    /// The whole history that a list of net orders (ascending) means, up to an instant; empty for a customer without orders.
    /// </summary>
    public static IReadOnlyList<StageStep> Replay(ReadOnlySpan<DateTimeOffset> orders, LifecyclePolicy policy, DateTimeOffset until)
    {
        var steps = new List<StageStep>();
        for (var i = 0; i < orders.Length; i++)
        {
            // θ sorts all gaps so far: it is asked for only where it can matter, or a late purchase would cost the square of the history.
            if (i > 0 && orders[i] - orders[i - 1] > policy.MinQuiet)
                steps.AddRange(Silence(steps[^1].Stage, orders[i - 1], policy.Quiet(orders[..i]), orders[i]));
            var stage = AfterOrder(steps.Count == 0 ? null : steps[^1].Stage, i + 1);
            if (steps.Count == 0 || steps[^1].Stage != stage)
                steps.Add(new(stage, Purchase, orders[i]));
        }
        if (orders.Length > 0)
            steps.AddRange(Silence(steps[^1].Stage, orders[^1], policy.Quiet(orders), until));
        return steps;
    }
}
