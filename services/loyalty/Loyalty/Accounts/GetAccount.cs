namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Points of one purchase that can still be spent.</summary>
public sealed record LotShown(Guid LotId, Guid PurchaseId, long Earned, long Remaining, int RuleVersion, DateTimeOffset EarnedAt, DateTimeOffset ExpiresAt);

/// <summary>An account as it is at this instant. Balance is negative where a return took more than was left (policy Unlimited).</summary>
public sealed record AccountShown(Guid CustomerId, string Tier, long QualifyingPoints, string? NextTier, long? PointsToNext, long Balance,
    long Earned, long Redeemed, long Expired, long Reversed, bool Forgotten, long Version, IReadOnlyList<LotShown> Lots);

/// <summary>One account: balance, tier, points to the next tier, and the lots in the order in which they will be spent.</summary>
public static class GetAccount
{
    const string Sql = """
        select tier, qualifying, earned, redeemed, expired, reversed, debt, forgotten, version from account where customer_id = @customerId;
        select lot_id as LotId, purchase_id as PurchaseId, earned, remaining, rule_version as RuleVersion, earned_at as EarnedAt, expires_at as ExpiresAt
        from lot where customer_id = @customerId and remaining > 0 order by expires_at, earned_at, lot_id
        """;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/loyalty/accounts/{customerId:guid}",
        async (Guid customerId, NpgsqlDataSource db, LoyaltyRules rules, TimeProvider clock, HttpResponse response, CancellationToken ct) =>
    {
        var now = clock.GetUtcNow();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var tables = await connection.QueryMultipleAsync(new CommandDefinition(Sql, new { customerId }, cancellationToken: ct));
        if (await tables.ReadSingleOrDefaultAsync<Row>() is not { } row) return (IResult)Answer.NotFound("account", customerId);
        // What is due counts as expired, whether the clock has come by or not.
        var lots = (await tables.ReadAsync<LotShown>()).ToLookup(l => l.ExpiresAt <= now);
        var due = lots[true].Sum(l => l.Remaining);
        response.Headers.ETag = $"\"{row.Version}\"";
        return TypedResults.Ok(new AccountShown(customerId, row.Tier, row.Qualifying, rules.Next(row.Qualifying)?.Tier, rules.Next(row.Qualifying)?.Points,
            row.Earned - row.Redeemed - row.Expired - row.Reversed - due, row.Earned, row.Redeemed, row.Expired + due, row.Reversed, row.Forgotten, row.Version, [.. lots[false]]));
    }).RequirePermission("loyalty.read").WithName("GetAccount").WithTags("accounts").Produces<AccountShown>().ProducesProblem(404);

    sealed record Row(string Tier, long Qualifying, long Earned, long Redeemed, long Expired, long Reversed, long Debt, bool Forgotten, long Version);
}
