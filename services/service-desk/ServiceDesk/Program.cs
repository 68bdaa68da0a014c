// The service desk: tickets, what is promised about them, and whose they are. Each folder's Slices.cs says what is in it.
using CrmPlatform.ServiceDesk;

var room = CrmService.Create("service-desk", args);
room.Services.AddValidation();
room.Settings<DeskOptions>("ServiceDesk", options => options.Fault());
room.Services.AddSingleton<DeskRules>();

room.KeepsPersonalData();
room.Feed(ServiceDeskFeed.Translate);

room.Add(CrmPlatform.ServiceDesk.Tickets.Slices.In, CrmPlatform.ServiceDesk.Customers.Slices.In);

await room.Run();

public partial class Program;
