using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Households;

/// <summary>The member, or staff for them, says yes: from now on they belong to the household.</summary>
public sealed record AcceptInvitation(Guid CustomerId)
{
    public IHouseholdEvent[] Decide(
        Household household,
        Guid id,
        Belonging belonging,
        LoyaltyAccount account,
        HouseholdRules rules,
        DateTimeOffset now
    )
    {
        household.Known(id);
        if (household.Members.Contains(CustomerId))
            return [];
        if (!household.Invited.Contains(CustomerId))
            throw new RuleViolationException("not-invited", "nobody has asked this member to join");
        if (account.IsForgotten)
            throw new RuleViolationException("customer-forgotten", "the account's holder was forgotten");
        if (belonging.HouseholdId is not null)
            throw new RuleViolationException("in-a-household", "a member is in one household at most");
        if (household.Members.Count >= rules.MostMembers)
            throw new RuleViolationException("household-full", $"a household has {rules.MostMembers} members at most");
        return [new HouseholdMemberEntered(CustomerId, now)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "households/{id:guid}/members/{customerId:guid}/accept",
                "Join a household",
                "loyalty.households.write",
                async (Guid id, Guid customerId, Request request, EventStore store, HouseholdRules rules) =>
                    request.Done(
                        await store.Write(
                            request,
                            Belonging.Write(
                                id,
                                customerId,
                                (household, belonging, account) =>
                                    new AcceptInvitation(customerId).Decide(household, id, belonging, account, rules, request.Now)
                            )
                        )
                    )
            )
            .Refuses("not-invited", "customer-forgotten", "in-a-household", "household-full");
}
