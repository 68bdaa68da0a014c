using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Tiers;

/// <summary>Gives a member a tier, whatever the points say, until it is lifted or comes to its end.</summary>
/// <param name="Tier">One of the tiers in force.</param>
/// <param name="Reason">Why, as a code: <c>press</c>, <c>compensation</c>.</param>
/// <param name="Until">When it is lifted by itself: later than now, before 2200. None: when somebody lifts it.</param>
public sealed record AssignTier(
    [property: Required] string Tier,
    [property: Required, Code(64)] string Reason,
    DateTimeOffset? Until = null
)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, string by, DateTimeOffset now)
    {
        if (account.IsForgotten)
            throw new RuleViolationException("customer-forgotten", "the account's holder was forgotten");
        if (Until <= now)
            throw new RuleViolationException("already-over", "a tier lasts until a later instant", "until");
        var ledger = new Ledger(account, rules).Pass(now);
        if (ledger.Scheme.Rank(Tier) < 0)
            throw new RuleViolationException(
                "unknown-tier",
                $"one of {string.Join(", ", ledger.Scheme.Tiers.Select(t => t.Name))}",
                "tier"
            );
        account = ledger.Account;
        if (account.Tier == Tier && account.Assigned == new AssignedTier(Reason, by, Until))
            return ledger.Facts;
        return ledger
            .Note(
                new TierAssigned(
                    From: account.Tier!,
                    To: Tier,
                    QualifyingPoints: ledger.Scheme.Points(account, now, rules.Business),
                    Reason: Reason,
                    By: by,
                    Until: Until,
                    OccurredAt: now
                )
            )
            .Facts;
    }

    /// <summary>The same in a what-if, where the tier may be none of its scheme.</summary>
    public static IAccountEvent[] Again(LoyaltyAccount account, LoyaltyRules rules, TierAssigned fact) =>
        account.IsOpen ? new AssignTier(fact.To, fact.Reason, fact.Until).Decide(account, rules, fact.By, fact.OccurredAt) : [];

    public static void Map(CrmService room) =>
        room.MapPost(
                "accounts/{customerId:guid}/tier",
                "Give a tier by hand",
                "loyalty.tiers.write",
                async (Guid customerId, AssignTier command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    command = command with { Until = command.Until?.ToUniversalTime() };
                    return request.Done(
                        await store.Write(
                            request,
                            LoyaltyAccount.Of(customerId),
                            account => command.Decide(account.Opened(customerId), rules, request.Actor, request.Now)
                        )
                    );
                }
            )
            .Refuses("customer-forgotten", "already-over", "unknown-tier");
}

/// <summary>Lifts a tier that was given: from now on the points decide again, at once.</summary>
/// <param name="Reason">Why, as a code.</param>
public sealed record ReleaseTier([property: Required, Code(64)] string Reason)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, string by, DateTimeOffset now)
    {
        var ledger = new Ledger(account, rules).Pass(now);
        if (ledger.Account.Assigned is null)
            throw new RuleViolationException("tier-not-assigned", "the tier was not given by hand: points decide about it");
        return ledger.Note(new TierReleased(by, Reason, now)).Settle(now, TierReasons.ManualEnded).Facts;
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "accounts/{customerId:guid}/tier/release",
                "Let the points decide about the tier again",
                "loyalty.tiers.write",
                async (Guid customerId, ReleaseTier command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    return request.Done(
                        await store.Write(
                            request,
                            LoyaltyAccount.Of(customerId),
                            account => command.Decide(account.Opened(customerId).Remembered(), rules, request.Actor, request.Now)
                        )
                    );
                }
            )
            .Refuses("customer-forgotten", "tier-not-assigned");
}
