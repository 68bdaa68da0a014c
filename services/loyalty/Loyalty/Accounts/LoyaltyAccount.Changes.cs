using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>What several facts do to an account alike.</summary>
public sealed partial record LoyaltyAccount
{
    LoyaltyAccount Earn(PointsEarned e)
    {
        var (pending, qualifying) = (e.ActiveFrom is not null || e.Awaits is not null, e.Qualifying ?? e.Points);
        var account = Put(
                new(
                    Id: e.LotId,
                    PurchaseId: e.PurchaseId,
                    Rule: e.Rule,
                    Earned: e.Points,
                    Qualifying: qualifying,
                    Net: e.Net,
                    Remaining: e.Points - e.Repaid,
                    EarnedAt: e.OccurredAt,
                    ExpiresAt: e.ExpiresAt,
                    ActiveFrom: e.ActiveFrom,
                    Awaits: e.Awaits,
                    Lasts: e.Lasts,
                    Slides: e.Slides,
                    Lines: e.Lines,
                    Multiplies: e.Multiplies ?? false
                )
            )
            .Qualify(e.OccurredAt, pending ? 0 : qualifying) with
        {
            Balance = e.Balance,
            Debt = Debt - e.Repaid,
            Slides = e.Slides ?? Slides,
        };
        if (e.PurchaseId is not { } id)
            return account;
        // Facts of the first version tell of no purchase before its points.
        var purchase = Purchases.GetValueOrDefault(id) ?? new(e.Net, 0, e.OccurredAt, []);
        return account with { Purchases = Purchases.SetItem(id, purchase with { Lots = purchase.Lots.Add(e.LotId) }) };
    }

    /// <summary>A lot that a return has a claim on; as of an instant before its purchase there is none yet.</summary>
    LoyaltyAccount Claim(PointsReversed e) =>
        !Lots.TryGetValue(e.LotId, out var lot)
            ? this
            : Put(
                    (
                        lot.IsPending && lot.Remaining == 0 && e.Refunded >= lot.Net ? lot with { ActiveFrom = null, Awaits = null } : lot
                    ) with
                    {
                        Refunded = e.Refunded,
                        TakenBack = lot.TakenBack + e.Points,
                        LastReturn = e.ReturnId,
                    }
                )
                .Qualify(lot.QualifiedAt, -e.Qualifying);

    /// <summary>Points that count for the tier, by the instant from which on they do.</summary>
    LoyaltyAccount Qualify(DateTimeOffset at, long points) =>
        points == 0
            ? this
            : this with
            {
                QualifyingPoints = QualifyingPoints + points,
                Qualified = Qualified.GetValueOrDefault(at) + points is var sum and not 0
                    ? Qualified.SetItem(at, sum)
                    : Qualified.Remove(at),
                LastQualifiedAt = at > LastQualifiedAt ? at : LastQualifiedAt,
            };

    /// <param name="reached">By points that are used up with it, where they count since the tier's start.</param>
    LoyaltyAccount Become(string tier, DateTimeOffset? expiresAt, DateTimeOffset at, DateTimeOffset? countedFrom, bool reached) =>
        this with
        {
            Tier = tier,
            TierSince = at,
            TierExpiresAt = expiresAt,
            GraceUntil = null,
            CountsFrom = reached ? at.AddTicks(1) : at,
            TierCause = countedFrom is { } from ? new(from, reached ? at : at.AddTicks(-1)) : TierCause,
        };

    /// <summary>A lot as it is now, in the queue where it belongs.</summary>
    LoyaltyAccount Put(Lot lot)
    {
        var (open, waiting, settled) = (Open, Waiting, Settled);
        if (Lots.TryGetValue(lot.Id, out var was))
            (open, waiting, settled) = (
                open.Remove(was.ByExpiry),
                was.ActiveFrom is null ? waiting : waiting.Remove(was.ByUnlock),
                was.IsSettled ? settled - 1 : settled
            );
        if (lot.IsSettled)
            settled++;
        else if (lot.ActiveFrom is not null)
            waiting = waiting.Add(lot.ByUnlock);
        else if (lot.Awaits is null)
            open = open.Add(lot.ByExpiry);
        return this with { Lots = Lots.SetItem(lot.Id, lot), Open = open, Waiting = waiting, Settled = settled };
    }

    LoyaltyAccount Changed(IReadOnlyList<Allocation> allocations, int sign) =>
        allocations.Where(a => Lots.ContainsKey(a.LotId)).Aggregate(this, (account, a) => account.Moved(a.LotId, sign * a.Points));

    LoyaltyAccount Moved(Guid lotId, long points) => Put(Lots[lotId] with { Remaining = Lots[lotId].Remaining + points });

    LoyaltyAccount Close(DateTimeOffset before)
    {
        var redemptions = Redemptions.RemoveRange(Redemptions.Where(r => r.Value.At < before).Select(r => r.Key));
        var needed = redemptions.Values.Where(r => !r.Cancelled).SelectMany(r => r.From).Select(a => a.LotId).ToHashSet();
        var lots = Lots.RemoveRange(Lots.Values.Where(l => l.IsSettled && l.EarnedAt < before && !needed.Contains(l.Id)).Select(l => l.Id));
        return this with
        {
            Lots = lots,
            Settled = lots.Values.Count(l => l.IsSettled),
            Purchases = Purchases.RemoveRange(
                Purchases.Where(p => p.Value.At < before && !p.Value.Lots.Any(lots.ContainsKey)).Select(p => p.Key)
            ),
            Redemptions = redemptions,
            Qualified = Qualified.RemoveRange(Qualified.Keys.Where(at => at < before)),
            Transfers = Transfers.RemoveRange(Transfers.Where(t => t.Value.At < before).Select(t => t.Key)),
            Actions = Actions.RemoveRange(Actions.Where(a => a.Value < before).Select(a => a.Key)),
            BooksClosedBefore = before,
        };
    }
}
