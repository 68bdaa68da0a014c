using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>An activity as the company plans it, or as it is from now on.</summary>
/// <param name="Titles">By language tag, at least one: <c>zh-CN</c>, <c>en</c>.</param>
/// <param name="Place">Where it is, in the business's words.</param>
/// <param name="StartsAt">When it begins: in the future.</param>
/// <param name="EndsAt">When it ends.</param>
/// <param name="Capacity">How many have a place; whoever signs up later waits.</param>
/// <param name="SignUpFrom">Members sign up from here on.</param>
/// <param name="SignUpUntil">They sign up until before here.</param>
/// <param name="MinimumTier">The lowest tier that may sign up; left out for all.</param>
/// <param name="AttendancePoints">Points for being there; 0 for none.</param>
public sealed record PlanActivity(
    [property: Required, MinLength(1), MaxLength(20)] Dictionary<string, string> Titles,
    [property: Required, StringLength(200, MinimumLength = 1)] string Place,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    [property: Range(1, 100_000)] int Capacity,
    DateTimeOffset SignUpFrom,
    DateTimeOffset SignUpUntil,
    string? MinimumTier = null,
    [property: Range(0, 1_000_000)] long AttendancePoints = 0
)
{
    public IActivityEvent[] Decide(Activity activity, LoyaltyRules rules, DateTimeOffset now) =>
        activity.Terms is null ? [new ActivityPlanned(Terms(rules), now)] : [];

    /// <summary>More places are taken at once by those who wait; fewer than are taken are refused.</summary>
    public IActivityEvent[] Revise(Activity activity, Guid id, LoyaltyRules rules, DateTimeOffset now)
    {
        var before = activity.Known(id);
        if (activity.IsCancelled)
            throw new RuleViolationException("activity-cancelled", "the activity is cancelled");
        var terms = Terms(rules);
        if (terms.Capacity < activity.Joined.Count)
            throw new RuleViolationException("capacity-taken", $"{activity.Joined.Count} places are taken", "capacity");
        if (Same(before, terms))
            return [];
        IActivityEvent[] revised = [new ActivityRevised(terms, now)];
        return [.. revised, .. activity.After(revised).FillPlaces(now)];
    }

    ActivityTerms Terms(LoyaltyRules rules)
    {
        if (Titles.Any(t => string.IsNullOrWhiteSpace(t.Value) || t.Value.Length > 200 || t.Key.Length is 0 or > 20))
            throw new RuleViolationException("title-invalid", "a title has 1 to 200 characters, by a language tag", "titles");
        if (EndsAt <= StartsAt)
            throw new RuleViolationException("ends-before-it-starts", "the activity must end after it starts", "endsAt");
        if (SignUpUntil <= SignUpFrom || SignUpUntil > EndsAt)
            throw new RuleViolationException(
                "sign-up-window",
                "sign-up must begin before it ends, and end before the activity does",
                "signUpUntil"
            );
        if (MinimumTier is not null && !rules.TierNames.Contains(MinimumTier))
            throw new RuleViolationException("unknown-tier", $"one of {string.Join(", ", rules.TierNames)}", "minimumTier");
        return new(
            Titles: Titles.ToDictionary(t => t.Key, t => t.Value.Trim()),
            Place: Place.Trim(),
            StartsAt: StartsAt.ToUniversalTime(),
            EndsAt: EndsAt.ToUniversalTime(),
            Capacity: Capacity,
            SignUpFrom: SignUpFrom.ToUniversalTime(),
            SignUpUntil: SignUpUntil.ToUniversalTime(),
            MinimumTier: MinimumTier,
            AttendancePoints: AttendancePoints
        );
    }

    static bool Same(ActivityTerms a, ActivityTerms b) =>
        a with { Titles = b.Titles } == b
        && a.Titles.Count == b.Titles.Count
        && a.Titles.All(t => b.Titles.TryGetValue(t.Key, out var title) && title == t.Value);

    public static void Map(CrmService room)
    {
        room.MapPost(
                "activities",
                "Plan an activity",
                "loyalty.activities.manage",
                async (PlanActivity command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    request.Creates(request.NewId, $"/api/loyalty/activities/{request.NewId}");
                    return request.Done(
                        await store.Write(request, Activity.Of(request.NewId), activity => command.Decide(activity, rules, request.Now))
                    );
                }
            )
            .Produces<Changed>(201)
            .Refuses("title-invalid", "ends-before-it-starts", "sign-up-window", "unknown-tier");

        room.MapPut(
                "activities/{id:guid}",
                "Replace the terms of an activity",
                "loyalty.activities.manage",
                async (Guid id, PlanActivity command, Request request, EventStore store, LoyaltyRules rules) =>
                    request.Done(await store.Write(request, Activity.Of(id), activity => command.Revise(activity, id, rules, request.Now)))
            )
            .WithName("ReviseActivity")
            .Refuses("activity-cancelled", "capacity-taken", "title-invalid", "ends-before-it-starts", "sign-up-window", "unknown-tier");
    }
}
