namespace CrmPlatform.Loyalty.Measures;

/// <summary>What is in this folder: the numbers of the programme, as of any instant, down to their events.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Async<MeasureView>();

        GetMeasures.Map(room);
        GetLiability.Map(room);
        GetCohorts.Map(room);
        GetMeasureEvents.Map(room);
    }
}
