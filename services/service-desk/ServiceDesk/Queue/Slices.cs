namespace CrmPlatform.ServiceDesk.Queue;

/// <summary>Registers this folder: which ticket is next. Its view reads those of tickets and customers, so it comes after them.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Inline<TicketQueue>();
        room.Periodic<RefreshQueue>();

        GetQueue.Map(room);
    }
}
