namespace CrmPlatform.Segmentation.WinBack;

/// <summary>What is in this folder: offers for those who left, and whether they bring anybody back.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<WinBackPlan, IWinBackEvent>("win_back_plan");
        room.Inline<PlanTable>();
        room.Due<OfferWinBacks>();

        PlanWinBack.Map(room);
        LaunchPlan.Map(room);
        GetPlans.Map(room);
    }
}
