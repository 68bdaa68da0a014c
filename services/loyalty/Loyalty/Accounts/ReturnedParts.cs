using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>
/// How much has come back of what each lot of a purchase was earned with. What returns name by product counts for the lots of these
/// products; what they do not name counts for all in proportion, of what no return names. It does not matter in which order they are told,
/// and when nothing of the purchase is left all of every lot has come back.
/// </summary>
static class ReturnedParts
{
    /// <returns>By lot, as an amount of the purchase's net: all of it when all that earned the lot has come back.</returns>
    public static Dictionary<Guid, decimal> ReturnedOf(this LoyaltyAccount account, Guid purchaseId)
    {
        var (purchase, parts) = (account.Purchases[purchaseId], new Dictionary<Guid, decimal>());
        var (points, returned) = (0L, 0m);
        foreach (var lot in purchase.Lots.Where(account.Lots.ContainsKey).Select(id => account.Lots[id]))
        {
            var part =
                purchase.Refunded >= purchase.Net ? purchase.Refunded
                : lot.Lines is { } lines ? purchase.Net * Share(lines, purchase)
                : lot.Multiplies && points > 0 ? returned / points
                : purchase.Refunded;
            parts[lot.Id] = Math.Max(part, lot.Refunded);
            (points, returned) = (points + lot.Earned, returned + lot.Earned * part);
        }
        return parts;
    }

    static decimal Share(IReadOnlyList<EarnedLine> lines, CountedPurchase purchase)
    {
        var (all, named) = (lines.Sum(l => l.Net), purchase.Back?.Values.Sum() ?? 0);
        var back = lines.Sum(l => Math.Clamp(purchase.Back?.GetValueOrDefault(l.ProductId) ?? 0, 0, Math.Max(0, l.Net)));
        back = Math.Min(back, all);
        var rest =
            purchase.Unnamed == 0 ? 0
            : purchase.Net <= named ? 1
            : Math.Min(1, purchase.Unnamed / (purchase.Net - named));
        return (back + (all - back) * rest) / all;
    }
}
