namespace CrmPlatform.Customers.Groups;

/// <summary>What is in this folder: which customers are one person or one company.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Inline<KnownGroups>();
        room.Services.AddSingleton<KnownGroups>();
    }
}
