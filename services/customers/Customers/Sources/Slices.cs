namespace CrmPlatform.Customers.Sources;

/// <summary>What is in this folder: the systems that tell, and what may be taken back of what they told.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Source, ISourceEvent>("source");
        room.Services.AddSingleton<KnownSources>();
        DescribeSource.Map(room);
    }
}
