namespace CrmPlatform.Loyalty.Rewards;

/// <summary>How long a reservation waits for its confirmation, and how often a clock looks for those that did not get one (section <c>Loyalty</c>).</summary>
public sealed class RewardRules
{
    public TimeSpan ReservationLasts { get; set; } = TimeSpan.FromMinutes(15);
    public TimeSpan LapseEvery { get; set; } = TimeSpan.FromSeconds(10);

    public bool IsValid() => ReservationLasts > TimeSpan.Zero && ReservationLasts <= TimeSpan.FromDays(30) && LapseEvery > TimeSpan.Zero;
}
