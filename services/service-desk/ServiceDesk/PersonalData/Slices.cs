namespace CrmPlatform.ServiceDesk.PersonalData;

/// <summary>Registers this folder: the export of all that is held about one person.</summary>
static class Slices
{
    public static void In(CrmService room) => GetPersonalData.Map(room);
}
