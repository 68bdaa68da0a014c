namespace CrmPlatform.Portraits.Timelines;

/// <summary>What is in this folder: everything public that happened to a customer, in all rooms.</summary>
static class Slices
{
    public static void Map(IEndpointRouteBuilder app)
    {
        GetTimeline.Map(app);
        GetPersonalData.Map(app);
        GetHeard.Map(app);
    }
}
