namespace CrmPlatform.Customers.Behaviour;

/// <summary>What is in this folder: what a customer looks at, and talks with us about.</summary>
static class Slices
{
    public static void Add(CrmService service) => service.Aggregate<Visits, IBehaviourEvent>("behaviour");

    public static void Map(IEndpointRouteBuilder app)
    {
        RecordPageView.Map(app);
        RecordInteraction.Map(app);
    }
}
