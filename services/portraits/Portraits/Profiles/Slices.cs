namespace CrmPlatform.Portraits.Profiles;

/// <summary>What is in this folder: what customers says of a person, asked when it is shown and kept nowhere.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Services.AddScoped<CustomerProfiles>();
    }
}
