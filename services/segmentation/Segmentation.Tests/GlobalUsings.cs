global using CrmPlatform.EventSourcing;
global using CrmPlatform.Segmentation;
global using CrmPlatform.ServiceDefaults;
global using CrmPlatform.Testing;
global using FsCheck;
global using FsCheck.Fluent;
global using Contracts = CrmPlatform.Contracts;
