using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>What calendars and policies must be, in the settings and published.</summary>
static class PolicyChecks
{
    /// <summary>An open hour a week and this much business time are due within half a century, so no instant overflows.</summary>
    static readonly TimeSpan most = TimeSpan.FromDays(90),
        leastOpen = TimeSpan.FromHours(1);

    /// <summary>So many days may be closed at once that the calendar opens again within ten years.</summary>
    const int MostDates = 500;

    /// <returns>The first field that is wrong, and what it must be; null if they are consistent.</returns>
    public static (string Field, string Expected)? Fault(
        IReadOnlyDictionary<string, CalendarSettings> calendars,
        IReadOnlyList<SlaPolicy> policies
    )
    {
        foreach (var (id, calendar) in calendars)
            if (Fault(calendar) is { } fault)
                return ($"calendars.{id}", fault);
        if (policies.Count(p => p.IsForEverybody()) != 1)
            return ("policies", "such that exactly one has neither segments nor tiers nor grades (the policy for everybody)");
        if (policies.Select(p => p.Id).Distinct().Count() < policies.Count)
            return ("policies", "such that no two have the same id");
        foreach (var (i, policy) in policies.Index())
            if (Fault(policy, calendars) is var (field, expected))
                return ($"policies[{i}].{field}", $"{expected} (policy {policy.Id})");
        return null;
    }

    /// <returns>What the calendar must be; null if it is.</returns>
    public static string? Fault(CalendarSettings calendar)
    {
        if (calendar.Week.Values.Concat(calendar.Openings.Values).Any(hours => hours is null || hours.Contains(null!)))
            return "a calendar whose days have intervals like 09:00-12:00";
        if (calendar.Holidays.Length + calendar.Openings.Count > MostDates)
            return $"a calendar with {MostDates} holidays and openings at most";
        try
        {
            var built = calendar.Build("UTC");
            // A week without holidays.
            var monday = new DateTimeOffset(1950, 1, 2, 0, 0, 0, TimeSpan.Zero);
            return built.Between(monday, monday.AddDays(7)) >= leastOpen ? null : "a calendar that is open for an hour each week at least";
        }
        catch (FormatException e)
        {
            return $"a calendar: {e.Message}";
        }
    }

    static (string Field, string Expected)? Fault(SlaPolicy policy, IReadOnlyDictionary<string, CalendarSettings> calendars)
    {
        if (!calendars.ContainsKey(policy.Calendar))
            return ("calendar", "one of the calendars");
        foreach (var (field, names) in new[] { ("segments", policy.Segments), ("tiers", policy.Tiers), ("grades", policy.Grades) })
            if (!names.All(new KeyTextAttribute(60).IsValid))
                return (field, "names of 1 to 60 visible characters");
        if (policy.Segments.Length > 0 && policy.Grades.Length > 0)
            return ("grades", "empty where segments are named");
        if (policy.Targets.Keys.FirstOrDefault(p => !Priorities.All.Contains(p)) is { } odd)
            return ($"targets.{odd}", "one of " + string.Join(", ", Priorities.All));
        if (Priorities.All.FirstOrDefault(p => !policy.Targets.TryGetValue(p, out var t) || !Holds(t)) is { } missing)
            return (
                $"targets.{missing}",
                "given: firstResponse above zero, resolution not below it, nextUpdate and acknowledgement above zero or none, "
                    + $"all {most.TotalDays} days at most"
            );
        var times = policy.Escalations.Select(s => (s.Percent, s.After)).ToList();
        return policy.Escalations.All(s => s.IsValid() && s.After <= most) && times.SequenceEqual(times.Distinct().Order())
            ? null
            : (
                "escalations",
                "steps of percent 1 to 100, or 100 and after above zero, in order, each with notify "
                    + string.Join(", ", EscalationStep.Roles)
            );
    }

    static bool Holds(SlaTargets t) =>
        t.FirstResponse > TimeSpan.Zero
        && t.Resolution >= t.FirstResponse
        && t.Resolution <= most
        && Positive(t.NextUpdate)
        && Positive(t.Acknowledgement);

    static bool Positive(TimeSpan? target) => target is null || target > TimeSpan.Zero && target <= most;

    /// <summary>Two policies of which both could be that of one customer, and neither comes before the other.</summary>
    /// <remarks>A customer has one tier and one grade, and may be in several segments.</remarks>
    public static (int Index, string First)? Ambiguous(IReadOnlyList<SlaPolicy> policies)
    {
        foreach (var (i, policy) in policies.Index())
            if (policies.Take(i).FirstOrDefault(p => p.Priority == policy.Priority && Overlap(p, policy)) is { } first)
                return (i, first.Id);
        return null;
    }

    static bool Overlap(SlaPolicy one, SlaPolicy other) =>
        (one.Segments.Length > 0, other.Segments.Length > 0) switch
        {
            (true, true) => one.Tiers.Length == 0 && other.Tiers.Length == 0 || one.Tiers.Intersect(other.Tiers).Any(),
            (false, false) => one.Tiers.Intersect(other.Tiers).Any() || one.Grades.Intersect(other.Grades).Any(),
            _ => false,
        };
}
