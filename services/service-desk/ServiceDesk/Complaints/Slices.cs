namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>Registers this folder: what is done about a complaint beyond what is done about every ticket.</summary>
static class Slices
{
    public static void In(CrmService room) => AcknowledgeComplaint.Map(room);
}
