using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>What churn is judged by: the lifecycle's patience, the company's calendar, the active model.</summary>
public sealed record ChurnYardstick(LifecyclePolicy Lifecycle, Business Business, RiskModel? Model);

/// <summary>An episode as the facts mean it.</summary>
/// <param name="LastPurchase">The purchase that it follows: there is at most one episode between two purchases.</param>
/// <param name="Since">When silence began.</param>
/// <param name="At">When it is declared.</param>
/// <param name="ClosedBy">The purchase that ends it; null while it is open.</param>
public sealed record MeantEpisode(Guid LastPurchase, string Basis, DateTimeOffset Since, DateTimeOffset At, ChurnOrder? ClosedBy);

/// <summary>
/// Episodes of churn from purchases: one opens at the first of 2θ of silence (the lifecycle's Churned), a cancellation, and 14 days with
/// P(alive) below 0.2 for who has bought again before, while a model is active. The next purchase closes it.
/// </summary>
public static class EpisodeRules
{
    public const string Silence = "silence",
        Cancelled = "cancelled",
        Unlikely = "p-alive";

    static readonly TimeSpan unlikelyFor = TimeSpan.FromDays(14);

    public static Guid IdOf(Guid customer, Guid lastPurchase) => NameId.For("churn-episode", customer.ToString(), lastPurchase.ToString());

    /// <param name="orders">In the order of their instants.</param>
    /// <param name="cancelled">When the customer said that they leave.</param>
    /// <returns>All, also one that is still to come if nothing more is bought.</returns>
    public static IEnumerable<MeantEpisode> Of(IReadOnlyList<ChurnOrder> orders, IReadOnlyList<DateTimeOffset> cancelled, ChurnYardstick by)
    {
        DateTimeOffset[] instants = [.. orders.Select(o => o.At)];
        var churned = new Queue<DateTimeOffset>(
            LifecycleRules
                .Replay(instants, LifecycleMarks.None, by.Lifecycle)
                .Where(s => s.Stage == LifecycleStage.Churned)
                .Select(s => s.At)
        );
        foreach (var gap in Gap.Of(orders, by.Business))
        {
            var (at, basis) = (DateTimeOffset.MaxValue, "");
            if (churned.TryPeek(out var silence) && silence < gap.Until)
                (at, basis) = (churned.Dequeue(), Silence);
            foreach (var told in cancelled)
                if (told >= gap.Purchase.At && told < gap.Until && told < at)
                    (at, basis) = (told, Cancelled);
            if (FewHope(gap, by) is { } unlikely && unlikely < gap.Until && unlikely < at)
                (at, basis) = (unlikely, Unlikely);
            if (basis == "")
                continue;
            var quiet = gap.Purchase.At + by.Lifecycle.Quiet(instants.AsSpan(0, gap.Place + 1));
            yield return new(gap.Purchase.Id, basis, quiet < at ? quiet : at, at, gap.Next);
        }
    }

    static DateTimeOffset? FewHope(Gap gap, ChurnYardstick by)
    {
        if (
            by.Model is not { } model
            || gap.History.X < 1
            || RiskBands.FallsBelow(RiskBands.Lowest, model, gap, by.Business) is not { } fall
        )
            return null;
        var at = fall + unlikelyFor;
        return at > model.From ? at : model.From;
    }
}
