using System.Diagnostics.Metrics;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>Why members go away with nothing, and what becomes of orders and codes.</summary>
static class RewardMetrics
{
    static readonly Meter meter = new("Crm.Rewards");
    static readonly Counter<long> reservations = meter.CreateCounter<long>(
        "crm.rewards.reservations",
        "{reservation}",
        "Reservations asked for, by outcome: reserved, or the rule that refused"
    );
    static readonly Counter<long> orders = meter.CreateCounter<long>(
        "crm.rewards.orders",
        "{order}",
        "Orders confirmed, fulfilled, cancelled; crm.due.facts counts those that lapse"
    );
    static readonly Counter<long> coupons = meter.CreateCounter<long>(
        "crm.rewards.coupons",
        "{attempt}",
        "Codes presented, by outcome: many that are unknown are somebody who guesses"
    );

    public static Task<T> Reserved<T>(Func<Task<T>> reserve) => reservations.Count(reserve, _ => "reserved");

    public static Task<T> Used<T>(Func<Task<T>> use) => coupons.Count(use, _ => "used");

    public static void Ended(string outcome, int facts)
    {
        if (facts > 0)
            orders.Add(outcome);
    }
}
