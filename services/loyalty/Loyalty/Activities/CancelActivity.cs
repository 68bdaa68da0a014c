using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>An activity does not take place. The waiting list ends; who had a place is shown as before.</summary>
/// <param name="Reason">A code: <c>weather</c>.</param>
public sealed record CancelActivity(
    [property:
        Required,
        RegularExpression(
            "^[a-z0-9][a-z0-9-]{0,63}$",
            ErrorMessage = "Reason is a code of lower-case letters, digits and hyphens, at most 64."
        )
    ]
        string Reason
)
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

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(
                "/api/loyalty/activities/{id:guid}/cancel",
                async (Guid id, CancelActivity command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, Activity.Of(id), activity => command.Decide(activity, id, request.Now)))
            )
            .RequirePermission("loyalty.activities.manage")
            .Idempotent()
            .WithName("CancelActivity")
            .WithSummary("Cancel an activity")
            .WithTags("activities")
            .Produces<Changed>()
            .ProducesProblem(404)
            .Refuses("activity-over");
}
