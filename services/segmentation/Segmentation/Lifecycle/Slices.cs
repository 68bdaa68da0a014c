namespace CrmPlatform.Segmentation.Lifecycle;

/// <summary>
/// What is in this folder: the stages and what leads from one to another; where a customer has been, and how long all stay; what a person
/// ends and opens again.
/// </summary>
static class Slices
{
    public static void In(CrmService room)
    {
        GetCustomerLifecycle.Map(room);
        GetDurations.Map(room);
        GetTransitions.Map(room);
        EndLifecycle.Map(room);
        ReopenLifecycle.Map(room);
    }
}
