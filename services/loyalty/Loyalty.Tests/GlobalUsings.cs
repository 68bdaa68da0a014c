global using CrmPlatform.EventSourcing;
global using CrmPlatform.Loyalty.Accounts;
global using CrmPlatform.Loyalty.Points;
global using CrmPlatform.Loyalty.Rewards;
global using CrmPlatform.Loyalty.Tiers;
global using CrmPlatform.ServiceDefaults;
global using CrmPlatform.Testing;
global using Contracts = CrmPlatform.Contracts;
