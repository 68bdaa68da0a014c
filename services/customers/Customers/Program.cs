// Customers: who they are, what they bought and did. Each folder's Slices.cs says what is in it.
using CrmPlatform.Customers;

var room = CrmService.Create("customers", args);
room.Services.AddValidation();

room.KeepsPersonalData();
room.Retired<Noted>();
room.Feed(CustomersFeed.Translate);

room.Add(
    CrmPlatform.Customers.Groups.Slices.In,
    CrmPlatform.Customers.Tags.Slices.In,
    CrmPlatform.Customers.Profiles.Slices.In,
    CrmPlatform.Customers.Identity.Slices.In,
    CrmPlatform.Customers.Quality.Slices.In,
    CrmPlatform.Customers.Orders.Slices.In,
    CrmPlatform.Customers.Behaviour.Slices.In,
    CrmPlatform.Customers.Sources.Slices.In,
    CrmPlatform.Customers.Companies.Slices.In,
    CrmPlatform.Customers.Merging.Slices.In,
    CrmPlatform.Customers.Erasures.Slices.In,
    CrmPlatform.Customers.Retracting.Slices.In,
    CrmPlatform.Customers.Imports.Slices.In,
    CrmPlatform.Customers.Exports.Slices.In
);

await room.Run();

public partial class Program;
