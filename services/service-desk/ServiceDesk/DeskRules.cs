using CrmPlatform.ServiceDesk.Policies;
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
        string[] causes = [.. Causes.Values.SelectMany(c => c)];
        if (causes.Length is 0 or > MostCauses || causes.Distinct().Count() < causes.Length)
            return $"Causes: 1 to {MostCauses} codes, each in one area";
        if (causes.Concat(Causes.Keys).FirstOrDefault(c => !new CodeAttribute().IsValid(c)) is { } odd)
            return $"Causes: {odd} is not a code of lower-case letters, digits and hyphens";
        return PolicyChecks.Fault(Calendars, Policies) is var (field, expected) ? $"{field}: must be {expected}" : null;
    }
}

/// <summary>
/// The desk's rules as decisions need them: the settings, and the calendars and policies that hold at an instant. These are in memory:
/// <see cref="Policies.FollowRules"/> brings each version that is published, before it takes effect.
/// </summary>
public sealed class DeskRules
{
    readonly DeskOptions options;
    readonly Business business;
    IReadOnlyList<PolicySet> versions;

    public DeskRules(DeskOptions options, Business business)
        : this(options, business, [new(0, DateTimeOffset.MinValue, options.Calendars, options.Policies, business.TimeZone)]) { }

    DeskRules(DeskOptions options, Business business, IReadOnlyList<PolicySet> versions) =>
        (this.options, this.business, this.versions) = (options, business, versions);

    /// <summary>How much of a kind of compensation one agent grants alone.</summary>
    public decimal AgentLimit(string kind) => kind == "points" ? options.AgentPoints : options.AgentLimit;

    /// <summary>Money is in this one.</summary>
    public string Currency => business.Currency;

    public string TimeZone => business.TimeZone;

    public TimeSpan SurveyAfter => options.SurveyAfter;

    public TimeSpan SurveyExpires => options.SurveyExpires;

    /// <summary>When who was invited at an instant is reminded: business days of the policy for everybody.</summary>
    public DateTimeOffset SurveyRemindAt(DateTimeOffset invitedAt) =>
        At(invitedAt).EverybodysCalendar.AddDays(invitedAt, options.SurveyRemindDays);

    /// <summary>Area and code of each cause that a complaint may have.</summary>
    public IEnumerable<(string Area, string Cause)> Causes => from area in options.Causes from cause in area.Value select (area.Key, cause);

    /// <summary>By when somebody speaks with a customer who was let down, by the calendar of the policy for everybody.</summary>
    public DateTimeOffset LoopDueAt(DateTimeOffset at) => At(at).EverybodysCalendar.Add(at, options.LoopWithin);

    /// <summary>Working days of authorities; the calendar of the policy for everybody if there is none of that name.</summary>
    public BusinessCalendar AuthorityCalendar(DateTimeOffset at) => Calendar("cn-official", at);

    public TimeSpan RecurrenceWindow => TimeSpan.FromDays(options.RecurrenceDays);

    public TimeSpan ReopenWithin => TimeSpan.FromDays(options.ReopenDays);

    /// <summary>The version that holds at an instant: of those that have begun the one that was published last.</summary>
    public PolicySet At(DateTimeOffset instant) => versions.Last(v => v.From <= instant);

    /// <summary>Whether only certified agents serve customers of this tier.</summary>
    public bool NeedsCertificate(string? tier) => tier is not null && options.CertifiedTiers.Contains(tier);

    /// <summary>The calendar with this id, as it holds at an instant.</summary>
    public BusinessCalendar Calendar(string id, DateTimeOffset at) => At(at).Calendar(id);

    /// <summary>For whom the version of an instant holds always: history that is imported is judged by the rules of now.</summary>
    public DeskRules OnlyAt(DateTimeOffset instant) => Only(At(instant));

    /// <summary>As if this were the only version.</summary>
    public DeskRules Only(PolicySet set) =>
        new(options, business, [new(set.Version, DateTimeOffset.MinValue, set.Calendars, set.Policies, business.TimeZone)]);

    /// <summary>The settings, and what was published.</summary>
    internal void Follow(IReadOnlyList<RulesPublished> published) =>
        versions = [.. versions, .. published.Skip(versions.Count - 1).Select(Set)];

    /// <summary>The settings and what was published, also what this process has not followed yet.</summary>
    internal IReadOnlyList<PolicySet> Versions(IEnumerable<RulesPublished> published) => [Settings, .. published.Select(Set)];

    internal PolicySet Set(RulesPublished e) => new(e.Version, e.From, e.Calendars, e.Policies, business.TimeZone);

    /// <summary>The version of the settings.</summary>
    internal PolicySet Settings => versions[0];
}
