namespace CrmPlatform.Loyalty.Programme;

/// <summary>What is in this folder: the versions of the earning rules and of the tiers, and what others would do.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<LoyaltyProgramme, IProgrammeEvent>("loyalty_programme");
        service.Periodic<FollowProgramme>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        PublishRules.Map(app);
        PreviewRules.Map(app);
        GetRules.Map(app);
        PublishScheme.Map(app);
        PreviewScheme.Map(app);
        GetSchemes.Map(app);
    }
}
