namespace CrmPlatform.Segmentation.Lifecycle;

/// <summary>What is in this folder: the stages, and the clock that finds who has been quiet.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Async<DueList>();
        service.Due<LifecycleClock>();
    }
}
