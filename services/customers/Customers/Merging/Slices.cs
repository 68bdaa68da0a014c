namespace CrmPlatform.Customers.Merging;

/// <summary>What is in this folder: customers are said to be one, and taken apart again.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Merge, IMergeEvent>("merge");
        room.Inline<MergeView>();
        room.Subscribe<LinkMatches>();
        room.Services.AddSingleton<Merger>();

        MergeCustomers.Map(room);
        ConfirmCandidate.Map(room);
        GetMerges.Map(room);
        GetMerge.Map(room);
        PreviewUnmerge.Map(room);
        UndoMerge.Map(room);
    }
}
