namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// Registers this folder: the commands on a ticket, the due work that records broken promises, and the lists.
/// </summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Ticket, ITicketEvent>("ticket");
        room.Inline<TicketList>();
        room.Inline<PromiseList>();
        room.Due<BreachClock>();
        room.Services.AddScoped<HiddenTickets>();

        OpenTicket.Map(room);
        AssignTicket.Map(room);
        ReplyToTicket.Map(room);
        RecordCustomerReply.Map(room);
        AddNote.Map(room);
        WaitForCustomer.Map(room);
        ResumeTicket.Map(room);
        ResolveTicket.Map(room);
        ReopenTicket.Map(room);
        AnswerSatisfaction.Map(room);
        GetTickets.Map(room);
        GetSummary.Map(room);
        GetTicket.Map(room);
    }
}
