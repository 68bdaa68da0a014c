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
            decided.Add(outcome.Value, new KeyValuePair<string, object?>("outcome", outcome.Key));
        points.Add(page.Select(e => e.Data).OfType<ReferralRewarded>().Sum(r => r.ReferrerPoints + r.RefereePoints));
        return Task.CompletedTask;
    }

    internal static async Task<WriteResult> Made(Func<Task<WriteResult>> make)
    {
        try
        {
            var result = await make();
            if (result.Events.Count > 0)
                Count("made");
            return result;
        }
        catch (RuleViolationException refused)
        {
            Count(refused.Code);
            throw;
        }

        static void Count(string outcome) => made.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
