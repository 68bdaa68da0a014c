namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// What is in this folder: the life of a ticket, the clock that finds broken promises, the lists, and what is held about a person.
/// </summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Ticket, ITicketEvent>("ticket");
        room.Inline<TicketList>();
        room.Due<BreachClock>();

        OpenTicket.Map(room);
        AssignTicket.Map(room);
        ReplyToTicket.Map(room);
        AddNote.Map(room);
        WaitForCustomer.Map(room);
        ResolveTicket.Map(room);
        CloseTicket.Map(room);
        ReopenTicket.Map(room);
        AnswerSatisfaction.Map(room);
        GetTickets.Map(room);
        GetSummary.Map(room);
        GetTicket.Map(room);
        GetPersonalData.Map(room);
    }
}
