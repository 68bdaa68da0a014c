using System.Globalization;
using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>The conditions that decided about a membership in codes and numbers, without a word of a profile: <c>purchases=2</c>.</summary>
static class Reasons
{
    const int Most = 5;

    public static string Of(CustomerFacts facts, Change change)
    {
        if (change.Era.Ended)
            return "withdrawn";
        var by = change.Segment.DecidedBy(facts, change.Era, change.At);
        if (by == "paused" || change.Era.Guard?.At(facts, change.At) < Verdict.Yes)
            return "no-consent";
        if (by != "rule" || change.Era.Rule is not { } rule)
            return by == "rule" ? "unpinned" : by;
        return string.Join(';', rule.Prove(facts, change.At).Leaves().Take(Most).Select(Text));
    }

    static string Text(Proof leaf) =>
        leaf.Measured is { } measured ? string.Create(CultureInfo.InvariantCulture, $"{leaf.Op}={measured:0.##}")
        : leaf.Verdict == Verdict.Unknown ? $"{leaf.Op}=unknown"
        : leaf.Op;
}
