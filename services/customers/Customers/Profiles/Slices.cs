namespace CrmPlatform.Customers.Profiles;

/// <summary>What is in this folder: who a customer is, and how one is found.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Customer, ICustomerEvent>("customer");
        room.Inline<Directory>();
        room.Inline<SealedNames>();
        room.Inline<TagMembers>();
        room.Services.AddSingleton<KnownCustomers>();
        room.Services.AddScoped<GetCustomers>().AddScoped<SearchNames>().AddSingleton<ReadProfiles>();

        RegisterCustomer.Map(room);
        ReviseProfile.Map(room);
        LinkExternalId.Map(room);
        TagCustomer.Map(room);
        UntagCustomer.Map(room);
        AllowTag.Map(room);
        ChangeConsent.Map(room);
        CustomerProfile.Map(room);
        GetCustomers.Map(room);
        SearchCustomers.Map(room);
        LookUpCustomers.Map(room);
        GrantClearances.Map(room);
        GetCustomerTags.Map(room);
        GetTagHistory.Map(room);

        room.Due<ExpireTags>();
        room.Due<DefineOldTags>();
    }
}
