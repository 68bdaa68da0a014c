namespace CrmPlatform.Customers.Quality;

/// <summary>What a rule adds to a customer's score.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Kind">Its component: <c>required</c> counts in completeness, <c>fresh</c> in timeliness, the others in validity.</param>
/// <param name="Field">The field that it is about; of what was verified also which one, from 0: <c>contacts[0]</c>.</param>
/// <param name="Severity">What breaking it means.</param>
/// <param name="Weight">How much it counts in completeness; null where it does not.</param>
/// <param name="Share">1 if it is kept, 0 if it is broken; of what was verified, what is left of its time.</param>
/// <param name="Status">Null if it is kept; <c>open</c> or <c>waived</c> if it is broken.</param>
/// <param name="Since">Since when it is kept or broken; of what was verified, when.</param>
/// <param name="SourceEvent">Id of the event since which it is so.</param>
public sealed record QualityLine(
    string Rule,
    RuleKind Kind,
    string Field,
    RuleSeverity Severity,
    int? Weight,
    double Share,
    FindingStatus? Status,
    DateTimeOffset? Since,
    Guid? SourceEvent
);

/// <summary>What became of a finding. One that was mended is none any more.</summary>
public enum FindingStatus
{
    Open,

    /// <summary>Somebody decided that it need not be mended.</summary>
    Waived,
}
