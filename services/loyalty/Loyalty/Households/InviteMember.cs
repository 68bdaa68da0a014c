using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Households;

/// <summary>The head, or staff for them, asks a member to join. It holds until it is accepted or dropped.</summary>
/// <param name="CustomerId">The member who is asked.</param>
public sealed record InviteMember(Guid CustomerId)
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
        if (household.Invited.Contains(CustomerId) || household.Members.Contains(CustomerId))
            return [];
        if (household.IsDissolved)
            throw new RuleViolationException("household-dissolved", "nobody is in the household any more");
        if (!account.IsOpen)
            throw new NotFoundException("account", CustomerId);
        if (account.IsForgotten)
            throw new RuleViolationException("customer-forgotten", "the account's holder was forgotten", "customerId");
        if (belonging.HouseholdId is not null)
            throw new RuleViolationException("in-a-household", "a member is in one household at most", "customerId");
        if (household.Members.Count + household.Invited.Count >= rules.MostMembers)
            throw new RuleViolationException(
                "household-full",
                $"a household has {rules.MostMembers} members at most, invited ones included"
            );
        return [new HouseholdMemberInvited(CustomerId, now)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "households/{id:guid}/members",
                "Ask a member to join a household",
                "loyalty.households.write",
                async (Guid id, InviteMember command, Request request, EventStore store, HouseholdRules rules) =>
                {
                    request.Creates(id, $"/api/loyalty/households/{id}");
                    return request.Done(
                        await store.Write(
                            request,
                            Belonging.Write(
                                id,
                                command.CustomerId,
                                (household, belonging, account) => command.Decide(household, id, belonging, account, rules, request.Now)
                            )
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses("household-dissolved", "customer-forgotten", "in-a-household", "household-full");
}
