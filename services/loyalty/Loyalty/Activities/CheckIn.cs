using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>A member who has a place is there: noted once, and the points for it reach their account in the same transaction.</summary>
public sealed record CheckIn(Guid CustomerId)
{
    /// <summary>The name of the rule by which the account gets its points.</summary>
    public const string Rule = Occasion.Attendance;

    /// <summary>Doors open so long before the beginning, and lists may be handed in so long after the end.</summary>
    static readonly TimeSpan before = TimeSpan.FromHours(2),
        after = TimeSpan.FromDays(7);

    public IActivityEvent[] Decide(Activity activity, Guid id, LoyaltyAccount account, DateTimeOffset now)
    {
        var terms = activity.Known(id);
        if (activity.Attended.Contains(CustomerId))
            return [];
        if (activity.IsCancelled)
            throw new RuleViolationException("activity-cancelled", "the activity is cancelled");
        if (account.IsForgotten)
            throw new RuleViolationException("customer-forgotten", "the account's holder was forgotten");
        if (!activity.Joined.Contains(CustomerId))
            throw new RuleViolationException("no-place", "the member has no place at this activity");
        if (now < terms.StartsAt - before || now >= terms.EndsAt + after)
            throw new RuleViolationException(
                "check-in-closed",
                $"members check in from {terms.StartsAt - before:O} until before {terms.EndsAt + after:O}"
            );
        return [new MemberAttended(CustomerId, terms.AttendancePoints, now)];
    }

    public static IAccountEvent[] Award(LoyaltyAccount account, IActivityEvent[] decided, Guid id, LoyaltyRules rules) =>
        decided is [MemberAttended { Points: > 0 } e]
            ? new AwardPoints(NameId.For("attendance", id.ToString(), e.CustomerId.ToString()), Rule, e.Points, e.OccurredAt).Decide(
                account,
                rules
            )
            : [];

    public static void Map(CrmService room) =>
        room.MapPost(
                "activities/{id:guid}/members/{customerId:guid}/check-in",
                "Note that a member is there",
                "loyalty.activities.manage",
                async (Guid id, Guid customerId, Request request, EventStore store, LoyaltyRules rules) =>
                    request.Done(
                        await store.Write(
                            request,
                            Membership.Write(
                                id,
                                customerId,
                                (activity, account) => new CheckIn(customerId).Decide(activity, id, account, request.Now),
                                (account, decided) => Award(account, decided, id, rules)
                            )
                        )
                    )
            )
            .Refuses("activity-cancelled", "customer-forgotten", "no-place", "check-in-closed");
}
