// The service desk: tickets, promises, agents, complaints, surveys, standing, imports. Each folder's Slices.cs says what is in it.
using CrmPlatform.ServiceDesk;

var room = CrmService.Create("service-desk", args);
room.Services.AddValidation();
room.Settings<DeskOptions>("ServiceDesk", options => options.Fault());
room.Services.AddSingleton<DeskRules>();

room.KeepsPersonalData();
room.KnowsCustomerGroups();
room.Feed(ServiceDeskFeed.Translate);

room.Add(
    CrmPlatform.ServiceDesk.Tickets.Slices.In,
    CrmPlatform.ServiceDesk.Complaints.Slices.In,
    CrmPlatform.ServiceDesk.Policies.Slices.In,
    CrmPlatform.ServiceDesk.Feedback.Slices.In,
    CrmPlatform.ServiceDesk.Loops.Slices.In,
    CrmPlatform.ServiceDesk.CorrectiveActions.Slices.In,
    CrmPlatform.ServiceDesk.Figures.Slices.In,
    CrmPlatform.ServiceDesk.Surveys.Slices.In,
    CrmPlatform.ServiceDesk.PersonalData.Slices.In,
    CrmPlatform.ServiceDesk.Customers.Slices.In,
    CrmPlatform.ServiceDesk.Queue.Slices.In,
    CrmPlatform.ServiceDesk.Agents.Slices.In,
    CrmPlatform.ServiceDesk.Imports.Slices.In
);

await room.Run();

public partial class Program;
