namespace CrmPlatform.Customers.Identity;

/// <summary>The decision about a pair: the first row of the table that applies.</summary>
public static class MatchDecision
{
    public static MatchVerdict Of(
        MatchProfile one,
        MatchProfile other,
        MatchScore score,
        MatchGroups groups,
        IdentityOptions options,
        DateTimeOffset now
    )
    {
        if (one.Kind != other.Kind)
            return MatchVerdict.None;
        if (score.Contradicted || groups.Contradiction)
            return score.ProbabilityOtherwise >= options.Review ? MatchVerdict.Contradicted : MatchVerdict.None;
        if (score.Probability < options.Review)
            return MatchVerdict.None;
        if (score.Generic || groups.Members > MatchGroups.MostByMachine || groups.Links >= MatchGroups.MostLinks)
            return MatchVerdict.Limited;
        return
            score.VerifiedAnchor
            && score.Probability >= options.Auto
            && !score.NameDiffers
            && !options.AutoOff
            && !groups.Separated
            && !one.IsMinor(now)
            && !other.IsMinor(now)
            ? MatchVerdict.Link
            : MatchVerdict.Review;
    }

    /// <summary>What becomes of two who are certain to be one, by what is known of their groups.</summary>
    public static MatchVerdict OfGroups(MatchGroups groups) =>
        groups.Contradiction ? MatchVerdict.Contradicted
        : groups.Members > MatchGroups.MostByMachine || groups.Links >= MatchGroups.MostLinks ? MatchVerdict.Limited
        : groups.Separated ? MatchVerdict.Review
        : MatchVerdict.Link;

    /// <summary>
    /// Almost certainly the same, though nothing may be verified yet: what a registration is refused for where duplicates are blocked.
    /// </summary>
    public static bool IsCertain(MatchScore score, MatchVerdict verdict, IdentityOptions options) =>
        verdict is MatchVerdict.Link or MatchVerdict.Review && score.Anchored && score.Probability >= options.Auto && !score.NameDiffers;

    /// <summary>
    /// Whether any member of one group contradicts any of the other: a chain of links must not join what cannot be one.
    /// </summary>
    public static bool Contradict(IEnumerable<MatchProfile> group, IReadOnlyCollection<MatchProfile> other) =>
        group.Any(a => other.Any(b => Contradict(a, b)));

    static bool Contradict(MatchProfile a, MatchProfile b)
    {
        var (mine, theirs) = (Numbers(a), Numbers(b));
        return a.Kind != b.Kind || (mine.Count > 0 && theirs.Count > 0 && !mine.Overlaps(theirs));
    }

    static HashSet<string> Numbers(MatchProfile profile) => [.. profile.Of(IdentifierKind.IdNumber).Select(i => i.Value)];
}
