using System.ComponentModel.DataAnnotations;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>What people call a segment.</summary>
/// <param name="Zh">In Chinese.</param>
/// <param name="En">In English.</param>
public sealed record SegmentNames([property: Required, Label(80)] string Zh, [property: Required, Label(80)] string En);

/// <summary>Who is in a segment, and what for.</summary>
/// <param name="Names">What people call it.</param>
/// <param name="Purpose"><c>service</c>, <c>marketing</c> or <c>analysis</c>. Of a segment for marketing only those are members who have
/// consented to <c>marketing</c> on some channel, pinned ones too.</param>
/// <param name="Rule">Who is a member; if left out, only those who are pinned.</param>
/// <param name="Holdout">A share of the members who are not to be treated, if wished.</param>
public sealed record SegmentDraft(
    [property: Required] SegmentNames Names,
    [property: OneOf("service", "marketing", "analysis")] string Purpose,
    Condition? Rule = null,
    Holdout? Holdout = null
)
{
    static readonly Condition consent = new(Consent: new("marketing"));

    internal bool NeedsConsent => Purpose == "marketing";

    internal Era Era(int version, DateTimeOffset from, Business business) =>
        new(
            Instant.Of(from),
            version,
            Rule is null ? null : Rules.Rule.Of(Rule, business),
            NeedsConsent ? Rules.Rule.Of(consent, business) : null
        );
}
