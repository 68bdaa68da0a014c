namespace CrmPlatform.Portraits.Timelines;

/// <summary>What is in this folder: everything public that happened to a customer, in all rooms.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        GetTimeline.Map(room);
        GetCounts.Map(room);
        GetPersonalData.Map(room);
        GetHeard.Map(room);
    }
}
