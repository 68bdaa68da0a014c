namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>What is in this folder: the life of a ticket, and the lists of them.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<Ticket, ITicketEvent>("ticket");
        service.Inline<TicketList>();
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
    }
}
