namespace CrmPlatform.Segmentation.Churn;

/// <summary>What is in this folder: who has left, since when and why, who came back, and who is about to leave.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<CustomerChurn, IChurnEvent>("churn");
        room.Services.AddSingleton<RiskModels>();
        room.Async<ChurnFold>();
        room.Async<ChurnTables>();
        room.Due<JudgeChurn>();
        room.Due<SpreadModel>();

        room.On<Contracts.CustomerForgotten, OnCustomerForgotten>();

        NoteCancellation.Map(room);
        StateCause.Map(room);
        GetChurn.Map(room);
        GetRisks.Map(room);
        GetEpisode.Map(room);
    }
}
