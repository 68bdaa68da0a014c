using CrmPlatform.ServiceDesk.Calendars;
using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk;

/// <summary>Section <c>ServiceDesk</c> of the settings.</summary>
public sealed class DeskOptions
{
    /// <summary>How many days after it was solved a ticket may be opened again under its id.</summary>
    [Range(0, 3650)]
    public int ReopenDays { get; set; } = 14;

    /// <summary>How often the desk looks for promises that were broken.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan BreachEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Loyalty's tiers, lowest first: the queue serves higher ones first.</summary>
    public string[] Tiers { get; set; } = [];

    public Dictionary<string, CalendarSettings> Calendars { get; set; } = [];
    public SlaPolicy[] Policies { get; set; } = [];

    /// <summary>Null when the settings hold together, else what is wrong.</summary>
    public string? Fault()
    {
        try
        {
            foreach (var calendar in Calendars.Values)
                calendar.Build("UTC");
        }
        catch (FormatException e)
        {
            return e.Message;
        }
        if (Policies.Count(p => p.IsForEverybody) != 1)
            return "exactly one policy must be for everybody";
        foreach (var policy in Policies)
        {
            if (!Calendars.ContainsKey(policy.Calendar))
                return $"policy {policy.Id} names the unknown calendar {policy.Calendar}";
            if (
                Priorities.All.FirstOrDefault(p =>
                    !policy.Targets.TryGetValue(p, out var t) || t.FirstResponse <= TimeSpan.Zero || t.Resolution < t.FirstResponse
                ) is
                { } missing
            )
                return $"policy {policy.Id} has no sound targets for {missing}";
        }
        return Policies.Select(p => p.Id).Distinct().Count() == Policies.Length ? null : "policies need ids of their own";
    }
}

/// <summary>The desk's calendars and promises, as decisions ask for them.</summary>
public sealed class DeskRules(DeskOptions options, Business business)
{
    readonly Dictionary<string, BusinessCalendar> calendars = options.Calendars.ToDictionary(
        c => c.Key,
        c => c.Value.Build(business.TimeZone)
    );

    public TimeSpan ReopenWithin => TimeSpan.FromDays(options.ReopenDays);

    public IReadOnlyList<string> Tiers => options.Tiers;

    /// <summary>The policy that names the customer's tier, else the one that names the grade, else the one for everybody.</summary>
    public SlaPolicy PolicyFor(string? tier, string? grade) =>
        options.Policies.FirstOrDefault(p => tier is not null && p.Tiers.Contains(tier))
        ?? options.Policies.FirstOrDefault(p => grade is not null && p.Grades.Contains(grade))
        ?? options.Policies.First(p => p.IsForEverybody);

    /// <summary>
    /// A calendar that the settings no longer have is replaced by that of the policy for everybody: open tickets must stay workable.
    /// </summary>
    public BusinessCalendar Calendar(string id) =>
        calendars.TryGetValue(id, out var calendar) ? calendar : calendars[PolicyFor(null, null).Calendar];
}
