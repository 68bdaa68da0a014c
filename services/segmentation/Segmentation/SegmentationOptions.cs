using System.ComponentModel.DataAnnotations;
using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation;

/// <summary>Section <c>Segmentation</c> of the settings.</summary>
public sealed class SegmentationOptions : IValidatableObject
{
    /// <summary>The least number of days of silence after which a customer may be called dormant.</summary>
    [Range(7, 3650)]
    public int MinQuietDays { get; set; } = 30;

    /// <summary>Days of silence for customers with fewer than three gaps between orders.</summary>
    [Range(7, 3650)]
    public int DefaultQuietDays { get; set; } = 90;

    /// <summary>So many net orders within 365 days make an active customer loyal.</summary>
    [Range(1, 1000)]
    public int LoyalOrders { get; set; } = 6;

    /// <summary>Tiers that make an active customer loyal, in loyalty's words.</summary>
    public string[] LoyalTiers { get; set; } = [];

    /// <summary>How often the lifecycle clock looks for thresholds that have passed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LifecycleEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// While purchases of the past keep coming in from a source (an import), the lifecycle clock waits for its customers until they have
    /// stopped for this long.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ImportSettles { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// No longer than this do the clocks wait for one source, from when it began to tell of the past without a pause of
    /// <see cref="ImportSettles"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ImportLasts { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How soon every replica knows a newly published run.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often those are judged whose memberships in rule segments are due.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan JudgeEvery { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How soon what was published of rule segments is spread to all customers.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan SpreadEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often those are judged who are due: who has left, come back, or is about to leave.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ChurnEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>False switches the nightly run off.</summary>
    public bool NightlyRun { get; set; } = true;

    public LifecyclePolicy Lifecycle =>
        new(TimeSpan.FromDays(MinQuietDays), TimeSpan.FromDays(DefaultQuietDays))
        {
            LoyalOrders = LoyalOrders,
            LoyalTiers = LoyalTiers.ToHashSet(),
        };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (DefaultQuietDays < MinQuietDays)
            yield return new("DefaultQuietDays must not be less than MinQuietDays", [nameof(DefaultQuietDays)]);
    }
}
