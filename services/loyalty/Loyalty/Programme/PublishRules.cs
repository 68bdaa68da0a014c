using System.ComponentModel;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Programme;

/// <summary>
/// Publishes a version of the earning rules. It takes effect a minute later at the earliest, so that every replica knows it by then; what
/// was awarded stays as it is.
/// </summary>
/// <param name="EffectiveFrom">From when on, by the date of the purchase or action.</param>
/// <param name="Rules">All rules of the version, in the order in which they are asked.</param>
public sealed record PublishRules(DateTimeOffset EffectiveFrom, EarningRule[] Rules)
{
    public IProgrammeEvent[] Decide(LoyaltyProgramme programme, LoyaltyRules rules, string by, DateTimeOffset now)
    {
        var versions = programme.VersionsOf(rules);
        var set = new RuleSet
        {
            Version = versions.Next,
            EffectiveFrom = EffectiveFrom.ToUniversalTime(),
            Rules = Rules,
        };
        if (set.Fault() is { } fault)
            throw new RuleViolationException("invalid-rules", fault, "rules");
        set.CheckNotice(now);
        if (versions.All.Any(r => r.EffectiveFrom == set.EffectiveFrom))
            throw new RuleViolationException("effective-date-taken", "another version takes effect at this instant", "effectiveFrom");
        return [new RulesPublished(set, by, now)];
    }

    public static IProgrammeEvent[] Withdraw(LoyaltyProgramme programme, int version, string by, DateTimeOffset now)
    {
        if (!programme.Published.CanWithdraw(version, now))
            throw new RuleViolationException(
                "rules-in-force",
                "a version that is in force, or will be within a minute, is not withdrawn: publish another"
            );
        return [new RulesWithdrawn(version, by, now)];
    }

    public static void Map(CrmService room)
    {
        room.MapPost(
                "rules",
                "Publish a version of the earning rules",
                "loyalty.rules.publish",
                async (PublishRules command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    request.Creates(LoyaltyProgramme.Of.Id, done => $"/api/loyalty/rules/{((RulesPublished)done.Events[0]).Rules.Version}");
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
            .Refuses("invalid-rules", "effective-too-soon", "effective-date-taken");

        room.MapPost(
                "rules/{version}/withdraw",
                "Take back a version of the rules that is not in force yet",
                "loyalty.rules.publish",
                async ([Description("Version of the rules.")] int version, Request request, EventStore store) =>
                    request.Done(
                        await store.Write(
                            request,
                            LoyaltyProgramme.Of,
                            programme => Withdraw(programme, version, request.Actor, request.Now)
                        )
                    )
            )
            .WithName("WithdrawRules")
            .Refuses("rules-in-force");
    }
}
