using System.Diagnostics.Metrics;

namespace CrmPlatform.Loyalty.Referrals;

/// <summary>
/// Counts referrals that were asked for, by outcome, and what became of them after it is committed. It tells no customer.
/// </summary>
public sealed class ReferralMetrics : ISubscription
{
    static readonly Meter meter = new("Crm.Loyalty");
    static readonly Counter<long> made = meter.CreateCounter<long>(
        "crm.referrals.made",
        "{referral}",
        "Referrals asked for, by outcome: made, or the rule that refused. Many unknown codes are somebody who guesses"
    );
    static readonly Counter<long> decided = meter.CreateCounter<long>(
        "crm.referrals.decided",
        "{referral}",
        "Referrals that were rewarded, or why not"
    );
    static readonly Counter<long> points = meter.CreateCounter<long>(
        "crm.referrals.points",
        "{point}",
        "Points for referrals, both members'"
    );

    public string Name => "referral-metrics";
    public IReadOnlySet<Type> Handles { get; } =
        new HashSet<Type> { typeof(ReferralRewarded), typeof(ReferralRewardWithheld), typeof(ReferralEnded) };

    public Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        foreach (
            var outcome in page.CountBy(e =>
                e.Data switch
                {
                    ReferralRewardWithheld w => w.Reason,
                    ReferralEnded x => x.Reason,
                    _ => "rewarded",
                }
            )
        )
            decided.Add(outcome.Key, outcome.Value);
        points.Add(page.Select(e => e.Data).OfType<ReferralRewarded>().Sum(r => r.ReferrerPoints + r.RefereePoints));
        return Task.CompletedTask;
    }

    internal static Task<WriteResult> Made(Func<Task<WriteResult>> make) =>
        made.Count(make, result => result.Events.Count > 0 ? "made" : null);
}
