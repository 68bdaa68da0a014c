namespace CrmPlatform.Customers.Profiles;

/// <summary>What is in this folder: who a customer is, and how one is found.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<Customer, ICustomerEvent>("customer");
        service.Inline<Directory>();
        service.Services.AddSingleton<KnownCustomers>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        RegisterCustomer.Map(app);
        ReviseProfile.Map(app);
        LinkExternalId.Map(app);
        TagCustomer.Map(app);
        ChangeConsent.Map(app);
        CustomerProfile.Map(app);
        Directory.Map(app);
    }
}
