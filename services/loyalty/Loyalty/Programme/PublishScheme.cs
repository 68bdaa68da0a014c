using System.ComponentModel;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Programme;

/// <summary>
/// Publishes a version of the tiers. When it takes effect nobody falls who has a tier that is still there, and who has the points for more
/// rises; from then on tiers are reached, kept and lost by it.
/// </summary>
/// <param name="EffectiveFrom">A minute from now at the earliest, so that every replica knows it by then.</param>
/// <param name="Scheme">Its version and date are given by the publication.</param>
public sealed record PublishScheme(DateTimeOffset EffectiveFrom, TierScheme Scheme)
{
    public TierScheme Checked(LoyaltyProgramme programme, LoyaltyRules rules, DateTimeOffset now)
    {
        var versions = programme.SchemesOf(rules);
        var scheme = (Scheme ?? throw new BadRequestException("scheme", "the tiers")) with
        {
            Version = versions.Next,
            EffectiveFrom = EffectiveFrom.ToUniversalTime(),
        };
        if (scheme.Fault() is { } fault)
            throw new RuleViolationException("invalid-scheme", fault, "scheme");
        if (scheme.Expires && scheme.Months * 2 * 31 > rules.KeepDays)
            throw new RuleViolationException(
                "invalid-scheme",
                $"points are kept for {rules.KeepDays} days: at most {rules.KeepDays / 62} months",
                "scheme.months"
            );
        scheme.CheckNotice(now);
        // Accounts remember the last version that took effect for them: one that came before it would never.
        if (versions.All.Any(s => s.EffectiveFrom >= scheme.EffectiveFrom))
            throw new RuleViolationException(
                "effective-date-taken",
                "another version takes effect at this instant or later",
                "effectiveFrom"
            );
        return scheme;
    }

    public IProgrammeEvent[] Decide(LoyaltyProgramme programme, LoyaltyRules rules, string by, DateTimeOffset now) =>
        [new SchemePublished(Checked(programme, rules, now), by, now)];

    public static IProgrammeEvent[] Withdraw(LoyaltyProgramme programme, int version, string by, DateTimeOffset now)
    {
        if (!programme.Schemes.CanWithdraw(version, now))
            throw new RuleViolationException(
                "scheme-in-force",
                "a version that is in force, or will be within a minute, is not withdrawn: publish another"
            );
        return [new SchemeWithdrawn(version, by, now)];
    }

    public static void Map(CrmService room)
    {
        room.MapPost(
                "tiers/schemes",
                "Publish a version of the tiers",
                "loyalty.rules.publish",
                async (PublishScheme command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    request.Creates(
                        LoyaltyProgramme.Of.Id,
                        done => $"/api/loyalty/tiers/schemes/{((SchemePublished)done.Events[0]).Scheme.Version}"
                    );
                    return request.Done(
                        await store.Write(
                            request,
                            LoyaltyProgramme.Of,
                            programme => command.Decide(programme, rules, request.Actor, request.Now)
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Refuses("invalid-scheme", "effective-too-soon", "effective-date-taken");

        room.MapPost(
                "tiers/schemes/{version}/withdraw",
                "Take back a version of the tiers that is not in force yet",
                "loyalty.rules.publish",
                async ([Description("Version of the tiers.")] int version, Request request, EventStore store) =>
                    request.Done(
                        await store.Write(
                            request,
                            LoyaltyProgramme.Of,
                            programme => Withdraw(programme, version, request.Actor, request.Now)
                        )
                    )
            )
            .WithName("WithdrawScheme")
            .Refuses("scheme-in-force");
    }
}
