namespace CrmPlatform.Customers.Timelines;

/// <summary>What is in this folder: everything public that happened to a customer, in all contexts.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<Timeline, ITimelineEvent>("timeline");
        service.Companion(Timeline.NoteOwn);
        service.OnAny(Timeline.NoteOthers);
    }

    public static void Map(IEndpointRouteBuilder app) => GetTimeline.Map(app);
}
