namespace CrmPlatform.Loyalty.Activities;

/// <summary>A member gives up their place, or their wait for one. The first of the waiting list has the place at once.</summary>
public sealed record WithdrawFromActivity(Guid CustomerId)
{
    public IActivityEvent[] Decide(Activity activity, Guid id, DateTimeOffset now)
    {
        var terms = activity.Known(id);
        if (!activity.Joined.Contains(CustomerId) && !activity.Waiting.Contains(CustomerId))
            return [];
        if (activity.Attended.Contains(CustomerId))
            throw new RuleViolationException("already-attended", "the member was there");
        if (now >= terms.EndsAt)
            throw new RuleViolationException("activity-over", "the activity is over");
        IActivityEvent[] withdrew = [new MemberWithdrew(CustomerId, now)];
        return [.. withdrew, .. activity.After(withdrew).FillPlaces(now)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "activities/{id:guid}/members/{customerId:guid}/withdraw",
                "Give up a place, or the wait for one",
                "loyalty.activities.join",
                async (Guid id, Guid customerId, Request request, EventStore store) =>
                    request.Done(
                        await store.Write(
                            request,
                            Activity.Of(id),
                            activity => new WithdrawFromActivity(customerId).Decide(activity, id, request.Now)
                        )
                    )
            )
            .Refuses("already-attended", "activity-over");
}
