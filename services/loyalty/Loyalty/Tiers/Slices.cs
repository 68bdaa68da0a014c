namespace CrmPlatform.Loyalty.Tiers;

/// <summary>What is in this folder: how tiers are reached, kept and lost.</summary>
static class Slices
{
    public static void Add(CrmService service) => service.Inline<TiersView>();

    public static void Map(IEndpointRouteBuilder app)
    {
        GetStanding.Map(app);
        AssignTier.Map(app);
        ReleaseTier.Map(app);
        GetSchemes.Map(app);
        PublishScheme.Map(app);
        PreviewScheme.Map(app);
    }
}
