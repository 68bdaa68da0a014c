namespace CrmPlatform.Segmentation.Abc;

/// <summary>
/// The revenue (minor units) at which a customer is more than two points of the total past a boundary: there a new grade stands at once.
/// </summary>
/// <param name="UpToA">At least this: less than the share of A less two points is before the customer. Null: nobody.</param>
/// <param name="DownFromA">Less than this: more than the share of A and two points is before the customer.</param>
/// <param name="UpToB">As of A.</param>
/// <param name="DownFromB">As of A.</param>
public sealed record AbcMargins(long? UpToA, long? DownFromA, long? UpToB, long? DownFromB)
{
    public const decimal Points = .02m;
}
