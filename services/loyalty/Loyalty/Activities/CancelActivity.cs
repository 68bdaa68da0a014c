using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>An activity does not take place. The waiting list ends; who had a place is shown as before.</summary>
/// <param name="Reason">A code: <c>weather</c>.</param>
public sealed record CancelActivity([property: Required, Code(64)] string Reason)
{
    public IActivityEvent[] Decide(Activity activity, Guid id, DateTimeOffset now)
    {
        var terms = activity.Known(id);
        if (activity.IsCancelled)
            return [];
        return now < terms.EndsAt
            ? [new ActivityCancelled(Reason, now)]
            : throw new RuleViolationException("activity-over", "what has taken place cannot be cancelled");
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "activities/{id:guid}/cancel",
                "Cancel an activity",
                "loyalty.activities.manage",
                async (Guid id, CancelActivity command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, Activity.Of(id), activity => command.Decide(activity, id, request.Now)))
            )
            .Refuses("activity-over");
}
