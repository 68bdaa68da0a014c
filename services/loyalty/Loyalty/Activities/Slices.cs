namespace CrmPlatform.Loyalty.Activities;

/// <summary>What is in this folder: member activities with places and a waiting list.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<Activity, IActivityEvent>("activity");
        service.Inline<Participants>();
        service.Due<RemoveForgotten>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        PlanActivity.Map(app);
        CancelActivity.Map(app);
        JoinActivity.Map(app);
        WithdrawFromActivity.Map(app);
        CheckIn.Map(app);
        GetActivities.Map(app);
        GetMembers.Map(app);
    }
}
