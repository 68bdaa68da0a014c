// The service desk: tickets, what is promised about them, and whose they are. Each folder's Slices.cs says what is in it.
using CrmPlatform.ServiceDesk;

var service = CrmService.Create("service-desk", args);
service.Services.AddValidation();
service.Settings<DeskOptions>("ServiceDesk", options => options.Fault());
service.Services.AddSingleton<DeskRules>();

service.KeepsPersonalData();
service.Feed(ServiceDeskFeed.Translate);

CrmPlatform.ServiceDesk.Tickets.Slices.Add(service);
CrmPlatform.ServiceDesk.Customers.Slices.Add(service);

await service.Run(CrmPlatform.ServiceDesk.Tickets.Slices.Map);

public partial class Program;
