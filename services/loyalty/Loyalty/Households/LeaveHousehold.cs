using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Households;

/// <summary>
/// A member leaves, or an invitation is dropped. When the head leaves, whoever is there longest follows; when nobody is left, the household
/// is dissolved.
/// </summary>
public sealed record LeaveHousehold(Guid CustomerId, string Reason = "left")
{
    public IHouseholdEvent[] Decide(Household household, DateTimeOffset now)
    {
        if (household.Invited.Contains(CustomerId))
            return [new HouseholdInvitationDropped(CustomerId, now)];
        if (!household.Members.Contains(CustomerId))
            return [];
        var left = new HouseholdMemberLeft(CustomerId, Reason, now);
        return household.Members.Remove(CustomerId) is not [var next, ..] ? [left, new HouseholdDissolved(now)]
            : household.HeadId == CustomerId ? [left, new HouseholdHeadChanged(CustomerId, next, now)]
            : [left];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
            "households/{id:guid}/members/{customerId:guid}/leave",
            "Leave a household, or drop an invitation",
            "loyalty.households.write",
            async (Guid id, Guid customerId, Request request, EventStore store) =>
                request.Done(
                    await store.Write(
                        request,
                        Belonging.Write(
                            id,
                            customerId,
                            (household, _, _) => new LeaveHousehold(customerId).Decide(household.Known(id), request.Now)
                        )
                    )
                )
        );
}

/// <summary>
/// Forgotten members leave their household. It looks at who is there, so that an acceptance of the same moment leaves nobody behind.
/// </summary>
public sealed class ReleaseForgotten(LoyaltyRules rules) : IDueWork
{
    public string Name => "forgotten-household-members";
    public TimeSpan Every => rules.ExpireEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from member in await connection.QueryAsync<(Guid Household, Guid Customer)>(
            new CommandDefinition(
                """
                select m.household_id, m.customer_id
                from household_forgotten f join household_member m on m.customer_id = f.customer_id
                order by m.since
                """,
                cancellationToken: ct
            )
        )
        select Belonging.Write(
            member.Household,
            member.Customer,
            (household, _, _) => new LeaveHousehold(member.Customer, "forgotten").Decide(household, now)
        );
}
