global using CrmPlatform.EventSourcing;
global using CrmPlatform.ServiceDefaults;
global using Dapper;
global using Npgsql;
global using Contracts = CrmPlatform.Contracts;
