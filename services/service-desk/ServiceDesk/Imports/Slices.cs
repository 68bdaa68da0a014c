using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Imports;

/// <summary>Registers this folder: tickets in bulk.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        // The streams of tickets, as an import sees them.
        room.Aggregate<TicketHistory, ITicketEvent>("ticket");
        room.Services.AddScoped<CustomerLookups>();
        ImportTickets.Map(room);
    }
}
