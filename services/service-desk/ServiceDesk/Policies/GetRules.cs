using System.ComponentModel;
using CrmPlatform.ServiceDesk.Sla;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>A version of the calendars and policies.</summary>
/// <param name="Version">0 are the settings.</param>
/// <param name="From">From when on it holds; null of the settings.</param>
/// <param name="InForce">Whether tickets that are opened now get it.</param>
/// <param name="PublishedAt">Null of the settings.</param>
/// <param name="By">Subject of who published it; null of the settings.</param>
/// <param name="Announced">Whether a version was published that begins later.</param>
/// <param name="Calendars">By their names.</param>
/// <param name="Policies">All policies.</param>
/// <param name="Correction">What of the past of a calendar was wrong, if the version was published for that; else null.</param>
public sealed record RulesView(
    int Version,
    DateTimeOffset? From,
    bool InForce,
    DateTimeOffset? PublishedAt,
    string? By,
    bool Announced,
    IReadOnlyDictionary<string, CalendarSettings> Calendars,
    IReadOnlyList<SlaPolicy> Policies,
    CalendarCorrection? Correction
);

/// <summary>The calendars and policies that hold, and each version of them.</summary>
public static class GetRules
{
    public static void Map(CrmService room)
    {
        room.MapGet(
            "rules",
            "The calendars and policies that hold",
            "service-desk.read",
            async (EventStore store, DeskRules rules, TimeProvider clock, CancellationToken ct) =>
                (await All(store, rules, clock, ct)).Single(v => v.InForce)
        );
        room.MapGet(
                "rules/{version}",
                "A version of the calendars and policies",
                "service-desk.read",
                async (
                    [Description("0 are the settings.")] int version,
                    EventStore store,
                    DeskRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                    (await All(store, rules, clock, ct)).Find(v => v.Version == version) is { } found
                        ? TypedResults.Ok(found)
                        : (IResult)Answer.NotFound("version", version)
            )
            .WithName("GetRulesVersion")
            .Produces<RulesView>();
    }

    static async Task<List<RulesView>> All(EventStore store, DeskRules rules, TimeProvider clock, CancellationToken ct)
    {
        var published = (await store.Read(ServiceRules.Stream, ct)).State.Published;
        var now = clock.GetUtcNow();
        var inForce = published.LastOrDefault(p => p.From <= now)?.Version ?? 0;
        var (last, settings) = (published.LastOrDefault()?.Version ?? 0, rules.Settings);
        return
        [
            new(0, null, inForce == 0, null, null, last > inForce, settings.Calendars, settings.Policies, null),
            .. published.Select(p => new RulesView(
                Version: p.Version,
                From: p.From,
                InForce: p.Version == inForce,
                PublishedAt: p.OccurredAt,
                By: p.By,
                Announced: last > inForce,
                Calendars: p.Calendars,
                Policies: p.Policies,
                Correction: p.Correction
            )),
        ];
    }
}
