using System.Collections.Immutable;
using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>Calendars and policies that hold from an instant on, for tickets that are opened then; those of before keep theirs.</summary>
/// <param name="Version">From 1; 0 are the settings.</param>
/// <param name="By">Subject of who published them.</param>
/// <param name="Correction">What of the past of a calendar was wrong, if the version was published for that.</param>
public sealed record RulesPublished(
    int Version,
    DateTimeOffset From,
    IReadOnlyDictionary<string, CalendarSettings> Calendars,
    IReadOnlyList<SlaPolicy> Policies,
    string By,
    DateTimeOffset OccurredAt,
    CalendarCorrection? Correction = null
);

/// <summary>Days of the past on which a calendar was wrong, in whatever version.</summary>
/// <param name="Calendar">Its name.</param>
/// <param name="Days">By <c>2026-09-25</c> the intervals in which it was open; none if it was closed.</param>
/// <param name="Reason">Why, as a code: <c>holiday-forgotten</c>.</param>
public sealed record CalendarCorrection(string Calendar, IReadOnlyDictionary<string, string[]> Days, string Reason);

/// <summary>The versions of the calendars and policies, one stream for all.</summary>
public sealed record ServiceRules : IAggregate<ServiceRules, RulesPublished>
{
    public static ServiceRules Initial { get; } = new();

    public static Stream<ServiceRules, RulesPublished> Stream { get; } = new(NameId.For("service-rules"));

    public ImmutableList<RulesPublished> Published { get; private init; } = [];

    /// <summary>The days on which the calendar was corrected: of several corrections of a day the last one counts.</summary>
    public ImmutableDictionary<string, string[]> CorrectedDays(string calendar) =>
        Published
            .Select(p => p.Correction)
            .Where(c => c?.Calendar == calendar)
            .Aggregate(ImmutableDictionary<string, string[]>.Empty, (days, c) => days.SetItems(c!.Days));

    public ServiceRules Evolve(RulesPublished e) => this with { Published = Published.Add(e) };
}

/// <summary>Keeps the versions in memory, whichever replica published them: at start, and from then on every second.</summary>
public sealed class FollowRules(EventStore store, DeskRules rules) : IPeriodic
{
    public string Name => "follow-rules";
    public TimeSpan Every => TimeSpan.FromSeconds(1);
    public FirstRun First => FirstRun.BeforeRequests;

    public async Task Run(CancellationToken ct) => rules.Follow((await store.Read(ServiceRules.Stream, ct)).State.Published);
}
