using CrmPlatform.Segmentation.Rules;

namespace CrmPlatform.Segmentation.Facts;

/// <summary>A rule segment was entered or left.</summary>
public readonly record struct MembershipChange(string Code, int Version, bool In, DateTimeOffset At);

/// <summary>Memberships as facts: segments ask about other segments.</summary>
public static class MemberFacts
{
    static readonly ulong inside = FactCode.Of("in");

    /// <summary>The memberships in place of those that the facts tell.</summary>
    public static void Set(CustomerFacts facts, IEnumerable<MembershipChange> changes)
    {
        facts.Facts.RemoveAll(f => f.Kind == FactKind.Member);
        foreach (var change in changes)
            Add(facts, change);
    }

    public static void Add(CustomerFacts facts, MembershipChange change) =>
        facts.Hold(
            new(
                FactKind.Member,
                Instant.Of(change.At),
                Instant.Never,
                FactCode.Of(change.Code),
                change.Version,
                change.In ? inside : FactCode.None,
                0,
                0,
                0
            )
        );
}
