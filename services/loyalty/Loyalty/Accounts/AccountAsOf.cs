using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>An account as it was at an earlier instant, folded from its facts.</summary>
public static class AccountAsOf
{
    /// <summary>What had happened by an instant, whenever the platform learned of it. Null where there was no account.</summary>
    public static AccountShown? Of(Guid customerId, IReadOnlyList<RecordedEvent> stream, LoyaltyRules rules, DateTimeOffset at)
    {
        var happened = stream.Select(e => e.Data).OfType<IAccountEvent>().Where(f => f.OccurredAt <= at).ToList();
        var account = LoyaltyAccount.Initial.After(happened);
        var import = stream.Select(e => e.Data).OfType<MemberImported>().FirstOrDefault();
        // A member of the programme before this one, in the time before the account was opened here.
        if (!account.IsOpen && import?.JoinedAt <= at)
            account = account with { Tier = rules.SchemeAt(at).Tiers[0].Name, OpenedAt = import.JoinedAt, SchemeAsOf = at };
        if (!account.IsOpen)
            return null;
        var due = PassTime.Decide(account, rules, at);
        account = account.After(due);
        // Before the import the account is what its history tells; with it, what was carried over.
        var sums = happened
            .Concat(due)
            .Where(f => f is not HistoryImported || import!.OccurredAt > at)
            .Aggregate(new AccountSums(), (s, fact) => s.With(fact));
        var imported = happened.OfType<PointsImported>().ToDictionary(e => e.LotId, e => NameId.For(Lot.Imported, e.Reference));
        var awards = happened.OfType<PointsEarned>().ToDictionary(e => e.LotId);
        var transfers = happened
            .OfType<PointsTransferredIn>()
            .SelectMany(e => e.Lots.Select(l => (l.LotId, e.TransferId)))
            .ToDictionary(l => l.LotId, l => l.TransferId);
        var lots = account
            .Lots.Values.Where(l => l.Remaining > 0)
            .OrderBy(l => l.IsPending)
            .ThenBy(l => l.ByExpiry)
            .Select(l => new LotShown(
                CustomerId: customerId,
                LotId: l.Id,
                PurchaseId: l.PurchaseId,
                Reference: awards.TryGetValue(l.Id, out var award) ? award.Reference
                    : imported.TryGetValue(l.Id, out var was) ? was
                    : transfers.GetValueOrDefault(l.Id, l.Id),
                Rule: l.Rule,
                RuleVersion: award?.RuleVersion ?? 0,
                Earned: l.Earned,
                Remaining: l.Remaining,
                EarnedAt: l.EarnedAt,
                ActiveFrom: l.ActiveFrom,
                Awaits: l.Awaits,
                ExpiresAt: l.Awaits is null && l.ExpiresAt < Expiry.Never ? l.ExpiresAt : null
            ))
            .ToList();
        // What is told late took some from a lot that was not made, or was spent, at this instant: it was owed then.
        var debt = lots.Sum(l => l.Remaining) + sums.Told - sums.Balance;
        return AccountShown.Of(
            customerId,
            at,
            Standing.Of(customerId, account, rules, at),
            sums,
            debt,
            account.PurchaseCount,
            account.IsForgotten,
            stream[^1].Version,
            lots
        );
    }
}
