namespace CrmPlatform.Segmentation.Groups;

/// <summary>What is in this folder: customers who are one person or company are judged as one, under the survivor's id.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.KnowsCustomerGroups();
        room.Async<JudgedWith>();
        room.Subscribe<JudgeGroups>();

        room.On<Contracts.CustomersMerged, OnGroupTold<Contracts.CustomersMerged>>();
        room.On<Contracts.CustomersUnmerged, OnGroupTold<Contracts.CustomersUnmerged>>();
    }
}
