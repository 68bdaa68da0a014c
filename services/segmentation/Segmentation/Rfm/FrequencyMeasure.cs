namespace CrmPlatform.Segmentation.Rfm;

/// <summary>What F counts.</summary>
public enum FrequencyMeasure
{
    Orders,

    /// <summary>Business days with a net order: two orders of one day are one.</summary>
    Days,
}
