namespace CrmPlatform.ServiceDesk.Figures;

/// <summary>What is in this folder: how promises were kept, where the time of tickets went, and which tickets are behind it.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Inline<TicketSpans>();
        room.Inline<Satisfactions>();
        room.Async<FigureDays>();
        room.Periodic<SumDays>();

        GetFigures.Map(room);
        GetFigureTickets.Map(room);
        GetTierFigures.Map(room);
    }
}
