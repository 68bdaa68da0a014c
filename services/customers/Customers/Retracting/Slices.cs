namespace CrmPlatform.Customers.Retracting;

/// <summary>What is in this folder: what each import and source has told, and taking it back.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Retraction, IRetractionEvent>("retraction");
        room.Async<Tellers>();
        room.Subscribe<CarryOutRetractions>();
        room.Services.AddSingleton<ToldFacts>().AddSingleton<StillTold>().AddScoped<Retractions>();

        GetTellers.Map(room);
        OrderRetraction.Map(room);
        GetRetraction.Map(room);
    }
}
