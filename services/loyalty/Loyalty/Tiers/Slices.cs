namespace CrmPlatform.Loyalty.Tiers;

/// <summary>What is in this folder: where members stand in the tiers, and tiers given by hand.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Inline<TiersView>();

        GetStanding.Map(room);
        AssignTier.Map(room);
        ReleaseTier.Map(room);
    }
}
