global using CrmPlatform.EventSourcing;
global using CrmPlatform.ServiceDefaults;
global using CrmPlatform.ServiceDesk;
global using CrmPlatform.ServiceDesk.Sla;
global using CrmPlatform.ServiceDesk.Tickets;
global using CrmPlatform.Testing;
global using FsCheck;
global using FsCheck.Fluent;
global using Contracts = CrmPlatform.Contracts;
