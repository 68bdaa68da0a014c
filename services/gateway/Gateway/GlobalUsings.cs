global using CrmPlatform.Gateway.ApiPage;
global using CrmPlatform.Gateway.Edge;
global using CrmPlatform.Gateway.Tokens;
