namespace CrmPlatform.Customers.Sources;

/// <summary>What is in this folder: who told what, and taking it back.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Source, ISourceEvent>("source");
        room.Aggregate<Retraction, IRetractionEvent>("retraction");
        room.Async<Tellers>();
        room.Subscribe<CarryOutRetractions>();
        room.Services.AddSingleton<ToldFacts>().AddScoped<Retractions>();

        DescribeSource.Map(room);
        GetTellers.Map(room);
        OrderRetraction.Map(room);
        GetRetraction.Map(room);
    }
}
