using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>What is in this folder: how good what is known of customers is, and what is done about it.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<QualityRules, IQualityRulesEvent>("quality_rules");
        room.Async<QualityView>();
        room.Aggregate<WorkList, IWorkListEvent>("quality_work_list");
        room.Inline<WorkListView>();
        room.Services.AddSingleton<WorkToDo>();
        room.Services.AddSingleton<KnownRules>().AddSingleton<QualityGate>();
        room.Services.AddSingleton<AskProfileGate>(s => s.GetRequiredService<QualityGate>().Ask);

        VerifyContact.Map(room);
        GetRules.Map(room);
        PublishRules.Map(room);
        PreviewRules.Map(room);
        GetQuality.Map(room);
        GetQualitySummary.Map(room);
        GetFindings.Map(room);
        WaiveFinding.Map(room);
        MakeWorkList.Map(room);
        GetWorkLists.Map(room);
        GetWorkList.Map(room);
        Corrections.Map(room);
        GetFieldHistory.Map(room);
    }
}
