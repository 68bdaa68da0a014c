namespace CrmPlatform.Segmentation.Runs;

/// <summary>What is in this folder: scoring everybody, telling them, and the yardstick that a run leaves behind.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<ScoringRun, IRunEvent>("scoring_run");
        service.Inline<RunList>();

        service.Services.AddSingleton<Scoring>();
        service.Periodic<RefreshYardsticks>();
        service.Periodic<PublishRuns>();
        service.Periodic<NightlyRun>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        ScoreCustomers.Map(app);
        GetRuns.Map(app);
    }
}
