namespace CrmPlatform.Segmentation.Segments;

/// <summary>What is in this folder: how many are where, and who.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        GetSegments.Map(room);
        GetStages.Map(room);
    }
}
