using System.Text.Json.Nodes;
using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>
/// Publishes calendars and policies. They hold from an instant on, a minute later at the earliest, so that every replica knows them by
/// then. They replace what was published before and has not begun. The same again is no new version.
/// </summary>
/// <param name="From">From when on they hold, by the moment at which a ticket is opened.</param>
/// <param name="Calendars">All calendars, by their names.</param>
/// <param name="Policies">All policies; one of them is for everybody.</param>
public sealed record PublishRules(
    DateTimeOffset From,
    [property: Required, MinLength(1), MaxLength(50)] IReadOnlyDictionary<string, CalendarSettings> Calendars,
    [property: Required, MinLength(1), MaxLength(200)] IReadOnlyList<SlaPolicy> Policies
)
{
    /// <summary>Every replica knows a version by then.</summary>
    internal static readonly TimeSpan Notice = TimeSpan.FromMinutes(1);

    public RulesPublished[] Decide(ServiceRules rules, DeskRules settings, string caller, DateTimeOffset now)
    {
        Check();
        var last = rules.Published.LastOrDefault() is { } e ? settings.Set(e) : settings.Settings;
        if (JsonNode.DeepEquals(Content(last.Calendars, last.Policies), Content(Calendars, Policies)))
            return [];
        return From >= now + Notice
            ? [new RulesPublished(last.Version + 1, From.ToUniversalTime(), Calendars, Policies, caller, now)]
            : throw new RuleViolationException("rules-too-soon", "They hold a minute after their publication at the earliest.", "from");
    }

    static JsonNode Content(params object[] parts) => System.Text.Json.JsonSerializer.SerializeToNode(parts, EventStoreOptions.Json)!;

    /// <exception cref="BadRequestException">The calendars and policies do not hold together.</exception>
    /// <exception cref="RuleViolationException">Two policies could be that of one customer.</exception>
    public void Check()
    {
        if (Calendars.Keys.FirstOrDefault(id => !new CodeAttribute().IsValid(id)) is { } odd)
            throw new BadRequestException($"calendars.{odd}", "named by a code of lower-case letters, digits and hyphens");
        foreach (var (i, policy) in Policies.Index())
            if (!new CodeAttribute().IsValid(policy.Id))
                throw new BadRequestException($"policies[{i}].id", "a code of lower-case letters, digits and hyphens");
        if (PolicyChecks.Fault(Calendars, Policies) is var (field, expected))
            throw new BadRequestException(field, expected);
        if (PolicyChecks.Ambiguous(Policies) is var (index, first))
            throw new RuleViolationException(
                "ambiguous",
                $"A customer could have {Policies[index].Id} and {first} alike: give them different priorities.",
                $"policies[{index}]"
            );
    }

    public static void Map(CrmService room)
    {
        room.MapPut(
                "rules",
                "Publish calendars and policies",
                "service-desk.policies",
                async (PublishRules command, Request request, EventStore store, DeskRules rules) =>
                    request.Done(
                        await store.Write(request, ServiceRules.Stream, state => command.Decide(state, rules, request.Actor, request.Now))
                    )
            )
            .Refuses("rules-too-soon", "ambiguous");
    }
}
