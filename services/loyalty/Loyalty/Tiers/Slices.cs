namespace CrmPlatform.Loyalty.Tiers;

/// <summary>What is in this folder: where members stand in the tiers, and tiers given by hand.</summary>
static class Slices
{
    public static void Add(CrmService service) => service.Inline<TiersView>();

    public static void Map(IEndpointRouteBuilder app)
    {
        GetStanding.Map(app);
        AssignTier.Map(app);
        ReleaseTier.Map(app);
    }
}
