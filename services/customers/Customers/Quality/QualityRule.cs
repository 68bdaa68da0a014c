using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>A check that counts.</summary>
/// <param name="Id">Which check: <c>name-missing</c>. <c>GET quality/rules</c> lists all there are.</param>
/// <param name="Severity">What breaking it means: <c>info</c> a finding, <c>warn</c> one that costs 0.2 of validity, <c>block</c> that
/// profiles which break it are refused (422 <c>quality-</c> and the id) and that one there is costs 0.5.</param>
/// <param name="Weight">Of what must be filled: how much it counts in completeness, 1 to 100. Null for others.</param>
/// <param name="Days">Of what must be verified again: after how many days it is stale, 1 to 3,650. Null for others.</param>
/// <param name="AppliesTo">For whom it holds; for all if left out.</param>
public sealed record QualityRule(
    [property: Required, StringLength(40)] string Id,
    RuleSeverity Severity = RuleSeverity.Info,
    [property: Range(1, 100)] int? Weight = null,
    [property: Range(1, 3_650)] int? Days = null,
    AppliesTo? AppliesTo = null
)
{
    /// <summary>Not null of a rule that was published.</summary>
    internal QualityCheck Check { get; } = QualityChecks.Of(Id)!;

    public bool IsFor(CustomerKind kind, string? source) =>
        (AppliesTo?.Kind is not { } of || of == kind) && (AppliesTo?.Source is not { } told || told == source);
}

/// <summary>For whom a rule holds.</summary>
/// <param name="Kind">Only <c>individual</c> or only <c>enterprise</c> customers; both if left out.</param>
/// <param name="Source">Only customers whom this system registered; all if left out.</param>
public sealed record AppliesTo(CustomerKind? Kind = null, [property: Label(60)] string? Source = null);
