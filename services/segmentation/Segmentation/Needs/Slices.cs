namespace CrmPlatform.Segmentation.Needs;

/// <summary>What is in this folder: what customers care about, as they say or as their orders tell.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<CustomerNeeds, INeedEvent>("customer_needs");
        room.Aggregate<NeedsRun, INeedsRunEvent>("needs_run");
        room.Async<NeedFacts>();
        room.Inline<StandingNeeds>();
        room.Inline<NeedsRunList>();

        room.Services.AddSingleton<NeedRuns>();
        room.Periodic<PublishNeeds>();
        room.Periodic<NightlyNeeds>();
        room.Subscribe<FollowNeeds>();

        DeclareNeed.Map(room);
        ContestNeed.Map(room);
        ReopenNeed.Map(room);
        MeasureNeeds.Map(room);
        GetCustomerNeeds.Map(room);
        GetNeeds.Map(room);
        GetNeedsRuns.Map(room);
    }
}
