using System.Collections.Immutable;
using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>Calendars and policies that hold from an instant on, for tickets that are opened then; those of before keep theirs.</summary>
/// <param name="Version">From 1; 0 are the settings.</param>
/// <param name="By">Subject of who published them.</param>
public sealed record RulesPublished(
    int Version,
    DateTimeOffset From,
    IReadOnlyDictionary<string, CalendarSettings> Calendars,
    IReadOnlyList<SlaPolicy> Policies,
    string By,
    DateTimeOffset OccurredAt
);

/// <summary>The versions of the calendars and policies, one stream for all.</summary>
public sealed record ServiceRules : IAggregate<ServiceRules, RulesPublished>
{
    public static ServiceRules Initial { get; } = new();

    public static Stream<ServiceRules, RulesPublished> Stream { get; } = new(NameId.For("service-rules"));

    public ImmutableList<RulesPublished> Published { get; private init; } = [];

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
