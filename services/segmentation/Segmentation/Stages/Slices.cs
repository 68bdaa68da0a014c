namespace CrmPlatform.Segmentation.Stages;

/// <summary>
/// What is in this folder: where a customer has been, and how long all stay in a stage; what a person ends and opens again.
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
