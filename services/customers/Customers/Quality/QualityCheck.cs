namespace CrmPlatform.Customers.Quality;

/// <summary>Something that can be asked of a profile. Rules say which checks count, and how much.</summary>
/// <param name="Code">The error with which a profile is refused where a rule says so.</param>
/// <param name="Field">What it is about, as the profile names it.</param>
/// <param name="Expected">What a profile that breaks it lacks, in a sentence without values.</param>
/// <param name="Fails">Whether a profile breaks it; never for one that is about time.</param>
public sealed record QualityCheck(string Code, string Field, RuleKind Kind, string Expected, Func<Checked, bool> Fails)
{
    const string Prefix = "quality-";

    /// <summary>Its name in rules and findings: the code without <c>quality-</c>.</summary>
    public string Id { get; } = Code[Prefix.Length..];

    public RuleViolationException Refusal() =>
        new(Code, Expected, Field is "contacts" or "addresses" or "consents" ? Field : $"profile.{Field}");
}
