using CrmPlatform.ServiceDesk.Customers;

namespace CrmPlatform.ServiceDesk.Sla;

/// <summary>Why a policy is the customer's: what of them it names.</summary>
/// <param name="By"><c>segment-and-tier</c>, <c>segment</c>, <c>tier</c>, <c>grade</c> or <c>everybody</c>.</param>
/// <param name="Segment">The segment, if one was named.</param>
/// <param name="Tier">The tier, if it was named.</param>
/// <param name="Grade">The grade, if it was named.</param>
public sealed record PolicyMatch(
    [property: OneOf("segment-and-tier", "segment", "tier", "grade", "everybody")] string By,
    string? Segment = null,
    string? Tier = null,
    string? Grade = null
);

/// <summary>One version of the calendars and policies. It never changes, so it is built once.</summary>
/// <param name="version">0 is that of the settings.</param>
/// <param name="from">It holds from then on.</param>
/// <param name="zone">The company's time zone.</param>
public sealed class PolicySet(
    int version,
    DateTimeOffset from,
    IReadOnlyDictionary<string, CalendarSettings> calendars,
    IReadOnlyList<SlaPolicy> policies,
    string zone
)
{
    static readonly string[] ways = ["everybody", "grade", "tier", "segment", "segment-and-tier"];

    readonly Dictionary<string, BusinessCalendar> built = calendars.ToDictionary(c => c.Key, c => c.Value.Build(zone));

    public int Version => version;
    public DateTimeOffset From => from;
    public IReadOnlyDictionary<string, CalendarSettings> Calendars => calendars;
    public IReadOnlyList<SlaPolicy> Policies => policies;

    /// <summary>
    /// The policy that names most of the customer: a segment and the tier, a segment, the tier, the grade, nothing. Of several the one with
    /// the highest <see cref="SlaPolicy.Priority"/>, then the first.
    /// </summary>
    public (SlaPolicy Policy, PolicyMatch Match) For(Standing standing)
    {
        var policy = policies.Where(p => Specificity(p, standing) >= 0).MaxBy(p => (Specificity(p, standing), p.Priority))!;
        var way = Specificity(policy, standing);
        return (
            policy,
            new(
                ways[way],
                way >= 3 ? policy.Segments.Where(standing.In).Min(StringComparer.Ordinal) : null,
                way is 2 or 4 ? standing.Tier : null,
                way == 1 ? standing.Grade : null
            )
        );
    }

    static int Specificity(SlaPolicy policy, Standing standing)
    {
        var tier = standing.Tier is { } t && policy.Tiers.Contains(t);
        return policy.Segments.Length > 0
            ? !policy.Segments.Any(standing.In)
                ? -1
                : policy.Tiers.Length == 0
                    ? 3
                    : tier
                        ? 4
                        : -1
            : tier
                ? 2
                : standing.Grade is { } grade && policy.Grades.Contains(grade)
                    ? 1
                    : policy.IsForEverybody()
                        ? 0
                        : -1;
    }

    public BusinessCalendar EverybodysCalendar => built[policies.First(p => p.IsForEverybody()).Calendar];

    /// <summary>
    /// The calendar with this id. If this version has none, the calendar of the policy for everybody is used, because open tickets must
    /// still be processed.
    /// </summary>
    public BusinessCalendar Calendar(string id) => built.TryGetValue(id, out var calendar) ? calendar : EverybodysCalendar;
}
