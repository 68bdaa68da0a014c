namespace CrmPlatform.Customers.Profiles;

/// <summary>What is in this folder: who a customer is, and how one is found.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Customer, ICustomerEvent>("customer");
        room.Inline<Directory>();
        room.Inline<SealedNames>();
        room.Services.AddSingleton<KnownCustomers>();
        room.Services.AddScoped<GetCustomers>().AddScoped<SearchNames>();

        RegisterCustomer.Map(room);
        ReviseProfile.Map(room);
        LinkExternalId.Map(room);
        TagCustomer.Map(room);
        ChangeConsent.Map(room);
        CustomerProfile.Map(room);
        GetCustomers.Map(room);
        SearchCustomers.Map(room);
        LookUpCustomers.Map(room);
    }
}
