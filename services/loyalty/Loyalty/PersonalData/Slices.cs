namespace CrmPlatform.Loyalty.PersonalData;

/// <summary>What is in this folder: everything that is held about one person, from all the others.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        GetPersonalData.Map(room);
    }
}
