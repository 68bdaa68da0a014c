namespace CrmPlatform.Loyalty.Measures;

/// <summary>What is in this folder: the numbers of the programme, as of any instant, down to their events.</summary>
static class Slices
{
    public static void Add(CrmService service) => service.Async<MeasureView>();

    public static void Map(IEndpointRouteBuilder app)
    {
        GetMeasures.Map(app);
        GetLiability.Map(app);
        GetCohorts.Map(app);
        GetMeasureEvents.Map(app);
    }
}
