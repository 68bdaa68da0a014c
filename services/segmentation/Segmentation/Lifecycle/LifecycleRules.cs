namespace CrmPlatform.Segmentation.Lifecycle;

/// <summary>
/// The stages are a function of the facts up to an instant and of the time that has passed: Prospect → Engaged by the first contact to
/// which the other side replied; → New → Repeat → Active by the first, second, third order; Active → Loyal once enough orders in 365 days,
/// or a tier, have held for 30 days without a bad survey; Dormant when quiet for longer than θ, Churned for longer than 2θ; Churned →
/// WonBack only by a purchase, WonBack → Active by the next. A person says Ended; silence changes nothing then, a purchase does. A step of
/// the clock is dated at its threshold.
/// </summary>
public static class LifecycleRules
{
    public const string Registered = "registered",
        Contact = "contact",
        Purchase = "purchase",
        Quiet = "quiet",
        Held = "held",
        Survey = "survey",
        Tier = "tier",
        Ended = "ended",
        Reopened = "reopened",
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
            (LifecycleStage.Loyal, _) => LifecycleStage.Loyal,
            (_, 1) => LifecycleStage.New,
            (_, 2) => LifecycleStage.Repeat,
            _ => LifecycleStage.Active,
        };

    /// <summary>
    /// Until when a history holds what is known up to and with an instant: a step of the clock at that very instant has been said. A
    /// database keeps microseconds.
    /// </summary>
    public static DateTimeOffset After(DateTimeOffset known) => known.AddTicks(TimeSpan.TicksPerMicrosecond);

    /// <summary>
    /// The whole history that facts mean, with the steps that silence and time alone will take if nothing happens any more; empty for a
    /// customer of whom nothing is known.
    /// </summary>
    /// <param name="orders">Instants of the net orders, ascending.</param>
    public static IReadOnlyList<StageStep> Replay(ReadOnlySpan<DateTimeOffset> orders, LifecycleMarks marks, LifecyclePolicy policy) =>
        new StageMachine(orders, policy).Run(marks);
}
