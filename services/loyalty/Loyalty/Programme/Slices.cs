namespace CrmPlatform.Loyalty.Programme;

/// <summary>What is in this folder: the versions of the earning rules and of the tiers, and what others would do.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<LoyaltyProgramme, IProgrammeEvent>("loyalty_programme");
        room.Periodic<FollowProgramme>();

        PublishRules.Map(room);
        PreviewRules.Map(room);
        GetRules.Map(room);
        PublishScheme.Map(room);
        PreviewScheme.Map(room);
        GetSchemes.Map(room);
    }
}
