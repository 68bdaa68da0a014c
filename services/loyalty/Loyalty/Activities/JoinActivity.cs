using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>A member signs up: they get a place, or one on the waiting list. Signing up again changes nothing.</summary>
/// <param name="CustomerId">The member who signs up.</param>
public sealed record JoinActivity(Guid CustomerId)
{
    /// <param name="tiersOfOthers">Tiers of those who are one person with the member: the best counts.</param>
    public IActivityEvent[] Decide(
        Activity activity,
        Guid id,
        LoyaltyAccount account,
        LoyaltyRules rules,
        DateTimeOffset now,
        IReadOnlyList<string>? tiersOfOthers = null
    )
    {
        var terms = activity.Known(id);
        if (!account.IsOpen)
            throw new RuleViolationException("no-account", "only members sign up: there is no such account", "customerId");
        if (account.IsForgotten)
            throw new RuleViolationException("customer-forgotten", "the account's holder was forgotten", "customerId");
        if (activity.Joined.Contains(CustomerId) || activity.Waiting.Contains(CustomerId))
            return [];
        if (activity.IsCancelled)
            throw new RuleViolationException("activity-cancelled", "the activity is cancelled");
        if (now < terms.SignUpFrom || now >= terms.SignUpUntil)
            throw new RuleViolationException(
                "sign-up-closed",
                $"members sign up from {terms.SignUpFrom:O} until before {terms.SignUpUntil:O}"
            );
        var tiers = rules.SchemeAt(account.SchemeAsOf);
        string?[] held = [account.Tier, .. tiersOfOthers ?? []];
        if (terms.MinimumTier is { } minimum && held.All(tier => tiers.Rank(tier) < tiers.Rank(minimum)))
            throw new RuleViolationException("tier-too-low", $"the activity is for members from {minimum} on", "customerId");
        return activity.Joined.Count < terms.Capacity && activity.Waiting.IsEmpty
            ? [new MemberJoined(CustomerId, terms.StartsAt, now)]
            : [new MemberQueued(CustomerId, now)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "activities/{id:guid}/members",
                "Sign a member up",
                "loyalty.activities.join",
                async (
                    Guid id,
                    JoinActivity command,
                    Request request,
                    EventStore store,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    CancellationToken ct
                ) =>
                {
                    var others = (await CustomerGroups.Of(db, command.CustomerId, ct)).OthersThan(command.CustomerId);
                    string[] tiers = [.. (await MemberAccount.Of(others, store, rules, request.Now, ct)).Select(a => a.Account.Tier!)];
                    request.Creates(id, $"/api/loyalty/activities/{id}/members/{command.CustomerId}");
                    return request.Done(
                        await store.Write(
                            request,
                            Membership.Write(
                                id,
                                command.CustomerId,
                                (activity, account) => command.Decide(activity, id, account, rules, request.Now, tiers)
                            )
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses("no-account", "customer-forgotten", "activity-cancelled", "sign-up-closed", "tier-too-low");
}
