namespace CrmPlatform.Loyalty.Households;

/// <summary>What is in this folder: members who belong together and send one another points.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<Household, IHouseholdEvent>("household");
        service.Aggregate<Belonging, IBelongingEvent>("household_member");
        service.Inline<HouseholdView>();
        service.Due<ReleaseForgotten>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        FoundHousehold.Map(app);
        InviteMember.Map(app);
        AcceptInvitation.Map(app);
        LeaveHousehold.Map(app);
        GetHouseholds.Map(app);
        TransferPoints.Map(app);
    }
}
