using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk;

/// <summary>Section <c>ServiceDesk</c> of the settings.</summary>
public sealed class DeskOptions
{
    const int MostCauses = 60;

    /// <summary>For how many days after its solution a ticket may be reopened.</summary>
    [Range(0, 3650)]
    public int ReopenDays { get; set; } = 14;

    /// <summary>How often the desk looks for broken promises.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan BreachEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// For how long nothing of the past must have come from a source before promises about its tickets are judged.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ImportSettles { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Money that one agent grants alone for a complaint, as a refund or a voucher, in the currency of the installation.</summary>
    [Range(0, 1_000_000_000)]
    public decimal AgentLimit { get; set; } = 50;

    /// <summary>Points that one agent grants alone for a complaint.</summary>
    [Range(0, 1_000_000_000)]
    public long AgentPoints { get; set; } = 500;

    /// <summary>How long after its solution customers are asked about a ticket.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan SurveyAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an answer to an invitation is waited for.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan SurveyExpires { get; set; } = TimeSpan.FromDays(14);

    /// <summary>After how many business days who has not answered is reminded, once.</summary>
    [Range(1, 30)]
    public int SurveyRemindDays { get; set; } = 3;

    /// <summary>What causes complaints, in two levels: by area, the codes of its causes.</summary>
    public Dictionary<string, string[]> Causes { get; set; } = [];

    /// <summary>For how many days complaints are counted before a corrective action and after it, to see whether it helped.</summary>
    [Range(1, 365)]
    public int RecurrenceDays { get; set; } = 30;

    /// <summary>Business time within which somebody speaks with a customer who was let down: one business day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LoopWithin { get; set; } = TimeSpan.FromHours(9);

    /// <summary>Tiers whose customers are served by certified agents only.</summary>
    public string[] CertifiedTiers { get; set; } = [];

    public Dictionary<string, CalendarSettings> Calendars { get; set; } = [];
    public SlaPolicy[] Policies { get; set; } = [];

    /// <summary>Validates the settings: null if they are consistent, else the error.</summary>
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
        string[] causes = [.. Causes.Values.SelectMany(c => c)];
        if (causes.Length is 0 or > MostCauses || causes.Distinct().Count() < causes.Length)
            return $"Causes: 1 to {MostCauses} codes, each in one area";
        if (causes.Concat(Causes.Keys).FirstOrDefault(c => !new CodeAttribute().IsValid(c)) is { } odd)
            return $"Causes: {odd} is not a code of lower-case letters, digits and hyphens";
        if (Policies.Count(p => p.IsForEverybody) != 1)
            return "Policies: exactly one policy must have neither Tiers nor Grades (the policy for everybody)";
        foreach (var policy in Policies)
        {
            if (!Calendars.ContainsKey(policy.Calendar))
                return $"Policies: {policy.Id} has the calendar {policy.Calendar}, which is not in Calendars";
            if (
                Priorities.All.FirstOrDefault(p =>
                    !policy.Targets.TryGetValue(p, out var t)
                    || t.FirstResponse <= TimeSpan.Zero
                    || t.Resolution < t.FirstResponse
                    || t.NextUpdate <= TimeSpan.Zero
                    || t.Acknowledgement <= TimeSpan.Zero
                ) is
                { } missing
            )
                return $"Policies: {policy.Id} needs Targets for {missing}: FirstResponse above zero, Resolution not below it, "
                    + "NextUpdate and Acknowledgement above zero or none";
            var times = policy.Escalations.Select(s => (s.Percent, s.After)).ToList();
            if (!policy.Escalations.All(s => s.IsValid) || !times.SequenceEqual(times.Distinct().Order()))
                return $"Policies: {policy.Id} has Escalations that are not steps of Percent 1 to 100, or 100 and After above zero, in "
                    + $"order, each with Notify {string.Join(", ", EscalationStep.Roles)}";
        }
        return Policies.Select(p => p.Id).Distinct().Count() == Policies.Length ? null : "Policies: two policies have the same Id";
    }
}

/// <summary>The desk's calendars and policies, as decisions need them.</summary>
public sealed class DeskRules(DeskOptions options, Business business)
{
    readonly Dictionary<string, BusinessCalendar> calendars = options.Calendars.ToDictionary(
        c => c.Key,
        c => c.Value.Build(business.TimeZone)
    );

    /// <summary>How much of a kind of compensation one agent grants alone.</summary>
    public decimal AgentLimit(string kind) => kind == "points" ? options.AgentPoints : options.AgentLimit;

    /// <summary>Money is in this one.</summary>
    public string Currency => business.Currency;

    public TimeSpan SurveyAfter => options.SurveyAfter;

    public TimeSpan SurveyExpires => options.SurveyExpires;

    /// <summary>The language of the company, where that of a customer is not known.</summary>
    public string Language => business.Region is "CN" or "TW" or "HK" or "MO" ? "zh" : "en";

    /// <summary>When who was invited at an instant is reminded: business days of the policy for everybody.</summary>
    public DateTimeOffset SurveyRemindAt(DateTimeOffset invitedAt) =>
        Calendar(PolicyFor(null, null).Calendar).AddDays(invitedAt, options.SurveyRemindDays);

    /// <summary>Area and code of each cause that a complaint may have.</summary>
    public IEnumerable<(string Area, string Cause)> Causes => from area in options.Causes from cause in area.Value select (area.Key, cause);

    /// <summary>By when somebody speaks with a customer who was let down, by the calendar of the policy for everybody.</summary>
    public DateTimeOffset LoopDueAt(DateTimeOffset at) => EverybodysCalendar.Add(at, options.LoopWithin);

    public BusinessCalendar EverybodysCalendar => calendars[PolicyFor(null, null).Calendar];

    public TimeSpan RecurrenceWindow => TimeSpan.FromDays(options.RecurrenceDays);

    public TimeSpan ReopenWithin => TimeSpan.FromDays(options.ReopenDays);

    /// <summary>Whether only certified agents serve customers of this tier.</summary>
    public bool NeedsCertificate(string? tier) => tier is not null && options.CertifiedTiers.Contains(tier);

    /// <summary>The policy that names the customer's tier, else the one that names the grade, else the one for everybody.</summary>
    public SlaPolicy PolicyFor(string? tier, string? grade) =>
        options.Policies.FirstOrDefault(p => tier is not null && p.Tiers.Contains(tier))
        ?? options.Policies.FirstOrDefault(p => grade is not null && p.Grades.Contains(grade))
        ?? options.Policies.First(p => p.IsForEverybody);

    /// <summary>
    /// The calendar with this id. If it was removed from the settings, the calendar of the policy for everybody is used, because open
    /// tickets must still be processed.
    /// </summary>
    public BusinessCalendar Calendar(string id) => calendars.TryGetValue(id, out var calendar) ? calendar : EverybodysCalendar;
}
