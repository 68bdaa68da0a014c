using System.Collections.Immutable;

namespace CrmPlatform.Segmentation.Lifecycle;

/// <summary>A survey was answered with 1 to 5.</summary>
public readonly record struct SurveyMark(DateTimeOffset At, int Score);

/// <summary>A tier was held from an instant until just before another.</summary>
public readonly record struct TierMark(DateTimeOffset From, DateTimeOffset Until, string Tier);

/// <summary>A person ended the relation, or opened it again.</summary>
public readonly record struct EndMark(DateTimeOffset At, bool Ended, string Reason);

/// <summary>What decides a stage besides orders and time. What is added may come in any order.</summary>
public sealed record LifecycleMarks
{
    public static LifecycleMarks None { get; } = new();

    /// <summary>When both sides first spoke; null: never.</summary>
    public DateTimeOffset? ContactAt { get; private init; }
    public ImmutableArray<SurveyMark> Surveys { get; private init; } = [];
    public ImmutableArray<TierMark> Tiers { get; private init; } = [];
    public ImmutableArray<EndMark> Ends { get; private init; } = [];

    /// <summary>An earlier contact than the first one known; a later one changes nothing.</summary>
    public LifecycleMarks Contact(DateTimeOffset at) => ContactAt <= at ? this : this with { ContactAt = at };

    public LifecycleMarks Survey(SurveyMark mark) => this with { Surveys = Surveys.Add(mark) };

    public LifecycleMarks End(EndMark mark) => this with { Ends = Ends.Add(mark) };

    /// <summary>A tier is held until the next one that was told, before it or after it.</summary>
    public LifecycleMarks Tier(DateTimeOffset from, string tier)
    {
        var (tiers, until) = (Tiers, DateTimeOffset.MaxValue);
        for (var i = 0; i < tiers.Length; i++)
            if (tiers[i].From <= from && from < tiers[i].Until)
            {
                until = tiers[i].Until;
                tiers = tiers.SetItem(i, tiers[i] with { Until = from });
            }
            else if (tiers[i].From > from && tiers[i].From < until)
                until = tiers[i].From;
        return this with { Tiers = tiers.Add(new(from, until, tier)) };
    }

    /// <summary>Of customers who are one.</summary>
    public LifecycleMarks And(LifecycleMarks other) =>
        other == None
            ? this
            : new()
            {
                ContactAt = other.ContactAt < ContactAt || ContactAt is null ? other.ContactAt : ContactAt,
                Surveys = Surveys.AddRange(other.Surveys),
                Tiers = Tiers.AddRange(other.Tiers),
                Ends = Ends.AddRange(other.Ends),
            };
}
