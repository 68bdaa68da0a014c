using System.ComponentModel;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Programme;

/// <summary>A version of the earning rules.</summary>
/// <param name="Version">Version of it, from 1.</param>
/// <param name="EffectiveFrom">From when on it is in force.</param>
/// <param name="InForce">Whether it is the one by which a purchase of this instant earns.</param>
/// <param name="Origin"><c>settings</c> or <c>published</c>.</param>
/// <param name="Rules">In the order in which they are asked.</param>
public sealed record RuleSetShown(
    int Version,
    DateTimeOffset EffectiveFrom,
    bool InForce,
    [property: OneOf("settings", "published")] string Origin,
    IReadOnlyList<EarningRule> Rules
);

/// <summary>The versions of the earning rules, in the order in which they take effect.</summary>
public static class GetRules
{
    public static void Map(CrmService room)
    {
        room.MapGet(
            "rules",
            "All versions of the earning rules",
            "loyalty.read",
            async (EventStore store, LoyaltyRules rules, TimeProvider clock, CancellationToken ct) => await All(store, rules, clock, ct)
        );
        room.MapGet(
                "rules/{version}",
                "One version of the earning rules",
                "loyalty.read",
                async (
                    [Description("Version of the rules.")] int version,
                    EventStore store,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                    (await All(store, rules, clock, ct)).Find(r => r.Version == version) is { } found
                        ? TypedResults.Ok(found)
                        : (IResult)Answer.NotFound("version", version)
            )
            .WithName("GetRuleSet")
            .Produces<RuleSetShown>();
    }

    static async Task<List<RuleSetShown>> All(EventStore store, LoyaltyRules rules, TimeProvider clock, CancellationToken ct) =>
        [
            .. (await store.Read(LoyaltyProgramme.Of, ct))
                .State.VersionsOf(rules)
                .At(clock.GetUtcNow())
                .Select(v => new RuleSetShown(v.Version.Version, v.Version.EffectiveFrom, v.InForce, v.Origin, v.Version.Rules)),
        ];
}
