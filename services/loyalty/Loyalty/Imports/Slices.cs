namespace CrmPlatform.Loyalty.Imports;

/// <summary>What is in this folder: the takeover of another programme's members.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Services.AddScoped<CustomerLookups>();
        ImportProgramme.Map(room);
    }
}
