// The service desk: tickets, what is promised about them, and whose they are. Each folder's Slices.cs says what is in it.
using CrmPlatform.ServiceDesk;
using Microsoft.Extensions.Options;

var service = CrmService.Create("service-desk", args);
service.Services.AddValidation();
service.Services.AddOptions<DeskOptions>().BindConfiguration("ServiceDesk").ValidateDataAnnotations().Validate(o => o.Fault() is null, "ServiceDesk: calendars and policies do not hold together").ValidateOnStart();
service.Services.AddSingleton(s => s.GetRequiredService<IOptions<DeskOptions>>().Value).AddSingleton<DeskRules>();

service.KeepsPersonalData();
service.Feed(ServiceDeskFeed.Translate);

CrmPlatform.ServiceDesk.Tickets.Slices.Add(service);
CrmPlatform.ServiceDesk.Sla.Slices.Add(service);
CrmPlatform.ServiceDesk.Customers.Slices.Add(service);

await service.Run(app =>
{
    CrmPlatform.ServiceDesk.Tickets.Slices.Map(app);
    CrmPlatform.ServiceDesk.Customers.Slices.Map(app);
});

public partial class Program;
