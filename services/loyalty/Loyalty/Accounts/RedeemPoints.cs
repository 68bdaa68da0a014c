using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Spends points: those that expire first go first, and each debit says from which lots it came.</summary>
/// <param name="Points">How many; the balance must hold them.</param>
/// <param name="Purpose">What for, as a code, never free text: <c>voucher-10</c>.</param>
public sealed record RedeemPoints(
    [property: Range(1, LoyaltyRules.MostPoints)] long Points,
    [property: Required, RegularExpression("^[a-z0-9][a-z0-9-]{0,63}$", ErrorMessage = "Purpose is a code of lower-case letters, digits and hyphens, at most 64.")] string Purpose)
{
    public IAccountEvent[] Decide(LoyaltyAccount account, Guid redemptionId, DateTimeOffset now)
    {
        if (account.Redemptions.ContainsKey(redemptionId)) return [];
        if (account.IsForgotten) throw new RuleViolationException("customer-forgotten", "the account's holder was forgotten: its points stay where they are");
        var expired = ExpirePoints.Decide(account, now);
        account = account.After(expired);
        var spendable = account.Spendable(now);
        if (Points > spendable) throw new RuleViolationException("insufficient-points", $"{Points} points asked for, {Math.Max(0, spendable)} can be spent", "points");
        var from = account.Lots.Values.Where(l => l.IsSpendable(now)).ByExpiry().Take(Points);
        return [.. expired, new PointsRedeemed(redemptionId, Points, Purpose, from, account.Balance - Points, now)];
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/loyalty/accounts/{customerId:guid}/redemptions",
        async (Guid customerId, RedeemPoints command, NewId newId, IfMatch ifMatch, EventStore store, TimeProvider clock, CancellationToken ct) =>
    {
        var open = false;
        var done = await store.WriteToAggregate(customerId, (LoyaltyAccount account) => (open = account.IsOpen) ? command.Decide(account, newId.Value, clock.GetUtcNow()) : [], ifMatch.Version, ct: ct);
        return open ? Answer.Created($"/api/loyalty/accounts/{customerId}/redemptions/{newId.Value}", newId.Value, done.Version) : Answer.NotFound("account", customerId);
    }).RequirePermission("loyalty.points.redeem").Idempotent().WithName("RedeemPoints").WithTags("accounts").Produces<Changed>(201).ProducesProblem(422);
}
