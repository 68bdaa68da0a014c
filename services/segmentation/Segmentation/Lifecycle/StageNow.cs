namespace CrmPlatform.Segmentation.Lifecycle;

/// <summary>The lifecycle stage.</summary>
/// <param name="Stage"><c>Prospect</c>, <c>Engaged</c>, <c>New</c>, <c>Repeat</c>, <c>Active</c>, <c>Loyal</c>, <c>Dormant</c>,
/// <c>Churned</c>, <c>WonBack</c> or <c>Ended</c>.</param>
/// <param name="Since">Since when the customer is in it.</param>
/// <param name="Cause">What changed it: <c>registered</c>, <c>contact</c>, <c>purchase</c>, <c>held</c> (the conditions of loyalty have
/// held), <c>survey</c>, <c>tier</c>, <c>quiet</c>, <c>ended</c>, <c>reopened</c>, <c>earlier-purchase</c>, <c>purchase-returned</c>,
/// <c>purchase-retracted</c>, <c>merged</c> or <c>separated</c>.</param>
/// <param name="NextAt">When time alone would change it; null where it never does.</param>
/// <param name="MaxStage">The furthest of <c>Prospect</c>, <c>Engaged</c>, <c>New</c>, <c>Repeat</c>, <c>Active</c> and <c>Loyal</c> that
/// was ever said; null where none was.</param>
public sealed record StageNow(
    [property: OneOf("Prospect", "Engaged", "New", "Repeat", "Active", "Loyal", "Dormant", "Churned", "WonBack", "Ended")] string Stage,
    DateTimeOffset Since,
    [property: OneOf(
        "registered",
        "contact",
        "purchase",
        "held",
        "survey",
        "tier",
        "quiet",
        "ended",
        "reopened",
        "earlier-purchase",
        "purchase-returned",
        "purchase-retracted",
        "merged",
        "separated"
    )]
        string Cause,
    DateTimeOffset? NextAt,
    [property: OneOf(null, "Prospect", "Engaged", "New", "Repeat", "Active", "Loyal")] string? MaxStage,
    Guid SourceEvent
);

/// <summary>How far a customer has ever come.</summary>
public static class MaxStage
{
    /// <summary>From the nearest to the furthest.</summary>
    public static string[] Ranks { get; } = ["Prospect", "Engaged", "New", "Repeat", "Active", "Loyal"];

    /// <summary>The furthest of these; null where none is among them.</summary>
    public static string? Of(IEnumerable<string> stages) => Ranks.LastOrDefault(stages.ToHashSet().Contains);
}
