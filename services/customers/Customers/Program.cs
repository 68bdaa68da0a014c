// Customers: who they are, what they bought and did. Each folder's Slices.cs says what is in it.
using CrmPlatform.Customers;

var service = CrmService.Create("customers", args);
service.Services.AddValidation();

service.KeepsPersonalData();
service.Retired<Noted>();
service.Feed(CustomersFeed.Translate);

CrmPlatform.Customers.Profiles.Slices.Add(service);
CrmPlatform.Customers.Orders.Slices.Add(service);
CrmPlatform.Customers.Behaviour.Slices.Add(service);
CrmPlatform.Customers.Erasures.Slices.Add(service);

await service.Run(app =>
{
    CrmPlatform.Customers.Profiles.Slices.Map(app);
    CrmPlatform.Customers.Orders.Slices.Map(app);
    CrmPlatform.Customers.Behaviour.Slices.Map(app);
    CrmPlatform.Customers.Imports.Slices.Map(app);
    CrmPlatform.Customers.Erasures.Slices.Map(app);
    CrmPlatform.Customers.Exports.Slices.Map(app);
});

public partial class Program;
