using System.ComponentModel;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Programme;

/// <summary>A version of the tiers.</summary>
/// <param name="Version">Version of it, from 1.</param>
/// <param name="EffectiveFrom">From when on it is in force.</param>
/// <param name="InForce">Whether tiers are reached and lost by it now.</param>
/// <param name="Origin"><c>settings</c> or <c>published</c>.</param>
/// <param name="Scheme">The tiers.</param>
public sealed record SchemeShown(
    int Version,
    DateTimeOffset EffectiveFrom,
    bool InForce,
    [property: OneOf("settings", "published")] string Origin,
    TierScheme Scheme
);

/// <summary>The versions of the tiers, in the order in which they take effect, with the benefits of each tier.</summary>
public static class GetSchemes
{
    public static void Map(CrmService room)
    {
        room.MapGet(
            "tiers/schemes",
            "All versions of the tiers",
            "loyalty.read",
            async (EventStore store, LoyaltyRules rules, TimeProvider clock, CancellationToken ct) => await All(store, rules, clock, ct)
        );
        room.MapGet(
                "tiers/schemes/{version}",
                "One version of the tiers",
                "loyalty.read",
                async (
                    [Description("Version of the tiers.")] int version,
                    EventStore store,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                    (await All(store, rules, clock, ct)).Find(s => s.Version == version) is { } found
                        ? TypedResults.Ok(found)
                        : (IResult)Answer.NotFound("version", version)
            )
            .WithName("GetScheme")
            .Produces<SchemeShown>();
    }

    static async Task<List<SchemeShown>> All(EventStore store, LoyaltyRules rules, TimeProvider clock, CancellationToken ct) =>
        [
            .. (await store.Read(LoyaltyProgramme.Of, ct))
                .State.SchemesOf(rules)
                .At(clock.GetUtcNow())
                .Select(v => new SchemeShown(v.Version.Version, v.Version.EffectiveFrom, v.InForce, v.Origin, v.Version)),
        ];
}
