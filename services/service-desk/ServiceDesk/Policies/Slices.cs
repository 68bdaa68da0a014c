using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>Registers this folder: versions of the calendars and policies, and what becomes of open tickets by them.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<ServiceRules, RulesPublished>("service_rules");
        room.Aggregate<TicketPast, ITicketEvent>("ticket");
        room.Periodic<FollowRules>();
        room.Subscribe<UpgradeTickets>();

        PublishRules.Map(room);
        GetRules.Map(room);
        PreviewRules.Map(room);
        MigrateTickets.Map(room);
        CorrectCalendar.Map(room);
        GetWhy.Map(room);
    }
}
