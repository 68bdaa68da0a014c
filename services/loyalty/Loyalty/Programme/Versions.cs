using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Programme;

/// <summary>The versions of a set of rules: those of the settings and those that were published.</summary>
/// <param name="last">The number of the last version that was published, also if it was withdrawn.</param>
public sealed class Versions<T>(IReadOnlyCollection<T> settings, IReadOnlyCollection<T> published, int last)
    where T : class, IVersioned
{
    public int Next => Math.Max(last, settings.Max(v => v.Version)) + 1;

    public IEnumerable<T> All => settings.Concat(published);

    /// <summary>All versions in the order in which they take effect. The origin is <c>settings</c> or <c>published</c>.</summary>
    public IEnumerable<(T Version, bool InForce, string Origin)> At(DateTimeOffset now)
    {
        var inForce = All.Where(v => v.EffectiveFrom <= now).MaxBy(v => v.EffectiveFrom);
        return settings
            .Select(v => (v, "settings"))
            .Concat(published.Select(v => (v, "published")))
            .OrderBy(v => v.Item1.EffectiveFrom)
            .Select(v => (v.Item1, v.Item1 == inForce, v.Item2));
    }
}

/// <summary>When a version may be published or withdrawn.</summary>
public static class VersionRules
{
    /// <summary>A version takes effect so long after its publication at the earliest: by then every replica knows it.</summary>
    static readonly TimeSpan notice = TimeSpan.FromMinutes(1);

    /// <exception cref="RuleViolationException"><c>effective-too-soon</c></exception>
    public static void CheckNotice(this IVersioned version, DateTimeOffset now)
    {
        if (version.EffectiveFrom < now + notice)
            throw new RuleViolationException(
                "effective-too-soon",
                $"a version takes effect {notice.TotalMinutes:0} minute after its publication at the earliest",
                "effectiveFrom"
            );
    }

    /// <returns>Whether it was published and can still be withdrawn; false if it is in force, or will be within a minute.</returns>
    /// <exception cref="NotFoundException">No such version was published.</exception>
    public static bool CanWithdraw(this IEnumerable<IVersioned> published, int version, DateTimeOffset now) =>
        published.FirstOrDefault(v => v.Version == version) is { } found
            ? found.EffectiveFrom >= now + notice
            : throw new NotFoundException("published version", version);
}
