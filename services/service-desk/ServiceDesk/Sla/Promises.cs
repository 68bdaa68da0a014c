namespace CrmPlatform.ServiceDesk.Sla;

/// <summary>What the desk promises about a ticket, each with a clock of its own.</summary>
public static class Promises
{
    public const string FirstResponse = "first-response",
        Resolution = "resolution",
        NextUpdate = "next-update",
        Acknowledgement = "acknowledgement";

    /// <summary>No promise: of a complaint somebody said that safety is at stake, and the duty is told at once.</summary>
    public const string Safety = "safety";
}
