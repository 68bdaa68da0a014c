namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// What is in this folder: the life of a ticket, the clock that finds broken promises, the lists, and what is held about a person.
/// </summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<Ticket, ITicketEvent>("ticket");
        service.Inline<TicketList>();
        service.Due<BreachClock>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        OpenTicket.Map(app);
        AssignTicket.Map(app);
        ReplyToTicket.Map(app);
        AddNote.Map(app);
        WaitForCustomer.Map(app);
        ResolveTicket.Map(app);
        CloseTicket.Map(app);
        ReopenTicket.Map(app);
        AnswerSatisfaction.Map(app);
        GetTickets.Map(app);
        GetTicket.Map(app);
        GetPersonalData.Map(app);
    }
}
