using CrmPlatform.Segmentation.Lifecycle;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>The yardstick in force, in memory: purchases are scored without a query.</summary>
public sealed class Yardsticks(Business business, LifecyclePolicy lifecycle)
{
    volatile Yardstick current = new(business, lifecycle, Run: null);

    public Yardstick Current => current;

    public void Use(PublishedRun run) => current = current with { Run = run };
}
