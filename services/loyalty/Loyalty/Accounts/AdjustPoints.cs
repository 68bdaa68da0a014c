using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Corrects a balance by hand. Points that are given do not count for the tier; large corrections wait for a second person.
/// </summary>
/// <param name="Points">Positive gives points, negative takes them; what is taken must be there.</param>
/// <param name="Reason">A code, never free text: <c>goodwill</c>.</param>
public sealed record AdjustPoints(
    [property: Range(-LoyaltyRules.MostPoints, LoyaltyRules.MostPoints)] long Points,
    [property: Required, Code(64)] string Reason
)
{
    /// <param name="alone">What the client has corrected alone on this day before.</param>
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, Guid id, string by, DateTimeOffset now, long alone = 0)
    {
        if (account.Adjustments.ContainsKey(id))
            return [];
        account = account.Remembered();
        if (Points == 0)
            throw new RuleViolationException("nothing-to-adjust", "an adjustment gives or takes points", "points");
        return alone + Math.Abs(Points) > rules.AdjustAlone
            ? [new AdjustmentProposed(id, Points, Reason, by, now)]
            : Adjust(account, rules, id, by, null, now);
    }

    public IAccountEvent[] Adjust(LoyaltyAccount account, LoyaltyRules rules, Guid id, string by, string? approvedBy, DateTimeOffset now)
    {
        var ledger = new Ledger(account, rules).Pass(now);
        account = ledger.Account;
        if (Points > 0)
        {
            var repaid = Math.Min(Points, account.Debt);
            var expires = (rules.RuleAt(now)?.Rules[0].Valid ?? new() { Count = 24 }).Of(now, rules.Business);
            return ledger
                .Note(
                    new PointsAdjusted(
                        AdjustmentId: id,
                        Points: Points,
                        Reason: Reason,
                        By: by,
                        ApprovedBy: approvedBy,
                        From: [],
                        LotId: id,
                        Repaid: repaid,
                        ExpiresAt: expires,
                        Balance: account.Balance + Points,
                        OccurredAt: now
                    )
                )
                .Facts;
        }
        var from = account.ByExpiry.Where(l => l.IsSpendable(now)).Take(-Points);
        if (from.Sum(a => a.Points) < -Points)
            throw new RuleViolationException(
                "insufficient-points",
                $"{-Points} points to take, {Math.Max(0, account.Spendable(now))} can be spent",
                "points"
            );
        return ledger
            .Note(
                new PointsAdjusted(
                    AdjustmentId: id,
                    Points: Points,
                    Reason: Reason,
                    By: by,
                    ApprovedBy: approvedBy,
                    From: from,
                    LotId: null,
                    Repaid: 0,
                    ExpiresAt: null,
                    Balance: account.Balance + Points,
                    OccurredAt: now
                )
            )
            .Facts;
    }

    public static void Map(CrmService room)
    {
        const string Adjustments = "accounts/{customerId:guid}/adjustments";
        room.MapPost(
                Adjustments,
                "Correct a balance by hand",
                "loyalty.points.adjust",
                async (Guid customerId, AdjustPoints command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    request.Creates(request.NewId, $"/api/loyalty/accounts/{customerId}/adjustments/{request.NewId}");
                    return request.Done(
                        await store.Write(
                            request,
                            LoyaltyAccount.Of(customerId),
                            AdjustmentDay.Of(request.Actor, rules.Business.DayOf(request.Now)),
                            (account, day) =>
                            {
                                var (id, by, now) = (request.NewId, request.Actor, request.Now);
                                var decided = command.Decide(account.State.Opened(customerId), rules, id, by, now, day.State.Points);
                                account.Append(decided);
                                if (decided.OfType<PointsAdjusted>().Any())
                                    day.Append(new AdjustedAlone(id, command.Points, now));
                            }
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Refuses("customer-forgotten", "nothing-to-adjust", "insufficient-points");

        room.MapPost(
                Adjustments + "/{adjustmentId:guid}/approve",
                "Approve a large correction, as a second person",
                "loyalty.points.approve",
                (Guid customerId, Guid adjustmentId, Request request, EventStore store, LoyaltyRules rules) =>
                    Settle(
                        request,
                        customerId,
                        adjustmentId,
                        store,
                        (account, proposal) =>
                            proposal.By == request.Actor
                                ? throw new RuleViolationException("second-person-needed", "who proposed an adjustment does not approve it")
                                : new AdjustPoints(proposal.Points, proposal.Reason).Adjust(
                                    account.Remembered(),
                                    rules,
                                    adjustmentId,
                                    proposal.By,
                                    request.Actor,
                                    request.Now
                                )
                    )
            )
            .WithName("ApproveAdjustment")
            .Refuses("adjustment-decided", "second-person-needed", "customer-forgotten", "insufficient-points");

        room.MapPost(
                Adjustments + "/{adjustmentId:guid}/decline",
                "Decline a large correction",
                "loyalty.points.approve",
                (Guid customerId, Guid adjustmentId, Request request, EventStore store) =>
                    Settle(
                        request,
                        customerId,
                        adjustmentId,
                        store,
                        (_, _) => [new AdjustmentDeclined(adjustmentId, request.Actor, request.Now)]
                    )
            )
            .WithName("DeclineAdjustment")
            .Refuses("adjustment-decided");
    }

    static async Task<IResult> Settle(
        Request request,
        Guid customerId,
        Guid id,
        EventStore store,
        Func<LoyaltyAccount, Proposal, IAccountEvent[]> decide
    ) =>
        request.Done(
            await store.Write(
                request.Concerns(id),
                LoyaltyAccount.Of(customerId),
                account =>
                    !account.Adjustments.TryGetValue(id, out var proposal) ? throw new NotFoundException("adjustment", id)
                    : proposal is null ? throw new RuleViolationException("adjustment-decided", "this adjustment has been made or declined")
                    : decide(account, proposal)
            )
        );
}
