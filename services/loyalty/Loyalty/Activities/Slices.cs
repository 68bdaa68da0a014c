namespace CrmPlatform.Loyalty.Activities;

/// <summary>What is in this folder: member activities with places and a waiting list.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Activity, IActivityEvent>("activity");
        room.Inline<Participants>();
        room.Due<RemoveForgotten>();

        PlanActivity.Map(room);
        CancelActivity.Map(room);
        JoinActivity.Map(room);
        WithdrawFromActivity.Map(room);
        CheckIn.Map(room);
        GetActivities.Map(room);
        GetMembers.Map(room);
    }
}
