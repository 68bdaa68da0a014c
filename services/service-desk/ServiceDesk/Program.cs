using CrmPlatform.ServiceDesk;
using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;
using Microsoft.Extensions.Options;

var service = CrmService.Create("service-desk", args);

service.Aggregate<Ticket, ITicketEvent>("ticket");
service.Aggregate<CustomerStanding, IStandingEvent>("customer_standing");
service.KeepsPersonalData();

service.Inline<TicketList>();
service.Inline<Standings>();
service.Feed(ServiceDeskFeed.Translate);
service.Due<BreachClock>();

service.On<Contracts.TierChanged, OnTierChanged>();
service.On<Contracts.GradeChanged, OnGradeChanged>();
service.On<Contracts.CustomerForgotten, OnCustomerForgotten>();

service.Services.AddValidation();
service.Services.AddOptions<DeskOptions>().BindConfiguration("ServiceDesk").ValidateDataAnnotations().Validate(o => o.Fault() is null, "ServiceDesk: calendars and policies do not hold together").ValidateOnStart();
service.Services.AddSingleton(s => s.GetRequiredService<IOptions<DeskOptions>>().Value);
service.Services.AddSingleton<DeskRules>();

await service.Run(app =>
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
});

public partial class Program;
