namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Why a customer is not asked, in the order in which it is looked for; the first that holds is recorded.</summary>
public static class Suppression
{
    public const string Forgotten = "forgotten",
        Closed = "survey-closed",
        Complaint = "urgent-complaint",
        Relational = "relational-90-days",
        Any = "asked-14-days",
        Unanswered = "unanswered",
        NotDrawn = "not-drawn";
}
