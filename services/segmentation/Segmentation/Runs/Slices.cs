namespace CrmPlatform.Segmentation.Runs;

/// <summary>What is in this folder: scoring everybody, telling them, and the yardstick that a run leaves behind.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<ScoringRun, IRunEvent>("scoring_run");
        room.Inline<RunList>();

        room.Services.AddSingleton<Scoring>();
        room.Periodic<RefreshYardsticks>();
        room.Periodic<PublishRuns>();
        room.Periodic<NightlyRun>();

        ScoreCustomers.Map(room);
        GetRuns.Map(room);
        GetScores.Map(room);
        GetAbcXyz.Map(room);
    }
}
