namespace CrmPlatform.Loyalty.Households;

/// <summary>What is in this folder: members who belong together and send one another points.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Household, IHouseholdEvent>("household");
        room.Aggregate<Belonging, IBelongingEvent>("household_member");
        room.Inline<HouseholdView>();
        room.Due<ReleaseForgotten>();

        FoundHousehold.Map(room);
        InviteMember.Map(room);
        AcceptInvitation.Map(room);
        LeaveHousehold.Map(room);
        GetHouseholds.Map(room);
        TransferPoints.Map(room);
    }
}
