using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>
/// How long a reservation waits for its confirmation, and how often a clock looks for those that did not get one (section <c>Loyalty</c>).
/// </summary>
public sealed class RewardRules
{
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReservationLasts { get; set; } = TimeSpan.FromMinutes(15);

    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LapseEvery { get; set; } = TimeSpan.FromSeconds(10);
}
