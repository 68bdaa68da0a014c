using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Households;

/// <summary>A member begins a household and is its head.</summary>
/// <param name="HeadId">The member who begins it.</param>
public sealed record FoundHousehold(Guid HeadId)
{
    public IHouseholdEvent[] Decide(Household household, Belonging belonging, LoyaltyAccount account, DateTimeOffset now)
    {
        if (household.HeadId is not null)
            return [];
        if (!account.IsOpen)
            throw new NotFoundException("account", HeadId);
        if (account.IsForgotten)
            throw new RuleViolationException("customer-forgotten", "the account's holder was forgotten", "headId");
        if (belonging.HouseholdId is not null)
            throw new RuleViolationException("in-a-household", "a member is in one household at most", "headId");
        return [new HouseholdFounded(HeadId, now)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "households",
                "Found a household",
                "loyalty.households.write",
                async (FoundHousehold command, Request request, EventStore store, CancellationToken ct) =>
                {
                    request.Creates(request.NewId, $"/api/loyalty/households/{request.NewId}");
                    return request.Done(
                        await store.Write(
                            request,
                            Belonging.Write(
                                request.NewId,
                                command.HeadId,
                                (household, belonging, account) => command.Decide(household, belonging, account, request.Now)
                            )
                        )
                    );
                }
            )
            .ProducesProblem(404)
            .Produces<Changed>(201)
            .Refuses("customer-forgotten", "in-a-household");
}
