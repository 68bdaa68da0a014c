global using CrmPlatform.EventSourcing;
global using Npgsql;
