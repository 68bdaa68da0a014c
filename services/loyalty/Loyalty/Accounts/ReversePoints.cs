using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// Takes back the points of returned goods, at the rate of the purchase: those of some products with these products, the others in
/// proportion to the refunded net amount; what is pending first, then from the purchase's own lots, then from the others. Where they are
/// spent, the return policy decides; what has expired is not asked for again.
/// </summary>
/// <param name="Lines">What came back, in the base currency; null where the shop does not know it: then everything in proportion.</param>
public sealed record ReversePoints(
    Guid ReturnId,
    Guid PurchaseId,
    decimal Net,
    DateTimeOffset At,
    IReadOnlyList<ReturnedLine>? Lines = null
)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules)
    {
        // A line may be worth less than the smallest unit of the base currency, and several of them add up.
        var nothing = Net <= 0 && Lines?.Any(l => l.Net > 0) != true;
        if (nothing || !account.Purchases.TryGetValue(PurchaseId, out var purchase))
            return [];
        var refunded = Math.Min(purchase.Refunded + Net, Math.Max(0, purchase.Net));
        var ledger = new Ledger(account, rules).Pass(At).Note(new ReturnCounted(ReturnId, PurchaseId, Net, refunded, At, Lines));
        var parts = ledger.Account.ReturnedOf(PurchaseId);
        foreach (
            var lot in purchase
                .Lots.Where(ledger.Account.Lots.ContainsKey)
                .Select(id => ledger.Account.Lots[id])
                .OrderByDescending(l => l.IsPending)
                .ThenBy(l => l.ByExpiry)
        )
            // A return of other products says nothing about these points.
            if (parts[lot.Id] > lot.Refunded || Net > 0 && lot is { Lines: null, Multiplies: false })
                Claim(ledger, ledger.Account.Lots[lot.Id], parts[lot.Id], ReturnId, rules.Returns, At);
        return ledger.RecheckTier(At).Facts;
    }

    /// <summary>
    /// Claims what the cumulative refund of a lot's purchase is worth, and takes what can be taken. What has expired since the return was
    /// there for it: told in time or late, the history is the same.
    /// </summary>
    public static void Claim(Ledger ledger, Lot lot, decimal refunded, Guid returnId, ReturnPolicy policy, DateTimeOffset at)
    {
        var account = ledger.Account;
        var points = lot.ToTake(lot.Worth(refunded), at);
        var qualifying = lot.IsPending ? 0 : lot.QualifyingWorth(refunded) - lot.QualifyingWorth(lot.Refunded);
        Lot[] own = lot.IsPending || at < lot.ExpiresAt ? [lot] : [];
        var sources = policy == ReturnPolicy.OnlyPending ? own.Where(l => l.IsPending) : own.Concat(Others(account, lot, at));
        var from = sources.Select(l => l with { Remaining = l.Remaining + l.NotYet(at) }).Take(points);
        foreach (var (id, some) in from)
            if (ledger.Account.Lots[id] is var source && some > source.Remaining)
                ledger.CorrectExpiry(source, some - source.Remaining, returnId);
        account = ledger.Account;
        var taken = from.Sum(a => a.Points);
        var owed = policy == ReturnPolicy.Unlimited ? points - taken : 0;
        ledger.Note(
            new PointsReversed(
                ReturnId: returnId,
                PurchaseId: lot.PurchaseId!.Value,
                LotId: lot.Id,
                Points: taken + owed,
                Qualifying: qualifying,
                Refunded: refunded,
                From: from,
                Owed: owed,
                Balance: account.Balance - taken - owed,
                OccurredAt: at
            )
        );
    }

    static IEnumerable<Lot> Others(LoyaltyAccount account, Lot lot, DateTimeOffset at) =>
        account
            .ByExpiry.Where(l => at < l.ExpiresAt)
            .Concat(account.Lots.Values.Where(l => l.Remaining == 0 && l.QualifiedAt <= at && l.NotYet(at) > 0))
            .Where(l => l.Id != lot.Id)
            .OrderBy(l => l.PurchaseId != lot.PurchaseId)
            .ThenBy(l => l.ByExpiry);
}
