using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>
/// The calendars of the past: as they were published, by which promises were judged, and as the corrections say that they were. A
/// correction is about days, so it holds for every version of its calendar.
/// </summary>
sealed class PastCalendars
{
    readonly IReadOnlyList<PolicySet> published,
        corrected;

    public PastCalendars(ServiceRules state, DeskRules rules)
    {
        published = rules.Versions(state.Published);
        corrected = [.. published.Select(set => new PolicySet(set.Version, set.From, Corrected(set, state), set.Policies, rules.TimeZone))];
    }

    public static Dictionary<string, CalendarSettings> Corrected(PolicySet set, ServiceRules state) =>
        set.Calendars.ToDictionary(c => c.Key, c => c.Value.With(state.CorrectedDays(c.Key)));

    /// <summary>The calendar by which something was counted.</summary>
    /// <param name="rules">The version by which the ticket's promises were made: a later one may have held by then, never an earlier.
    /// </param>
    public BusinessCalendar Published(string id, int rules, DateTimeOffset at) => Of(published, id, rules, at);

    /// <summary>The same with the corrections.</summary>
    public BusinessCalendar Corrected(string id, int rules, DateTimeOffset at) => Of(corrected, id, rules, at);

    static BusinessCalendar Of(IReadOnlyList<PolicySet> sets, string id, int rules, DateTimeOffset at) =>
        sets.Last(s => s.Version <= rules || s.From <= at).Calendar(id);
}
