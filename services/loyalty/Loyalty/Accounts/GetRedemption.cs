namespace CrmPlatform.Loyalty.Accounts;

public sealed record RedemptionShown(
    Guid RedemptionId,
    long Points,
    string Purpose,
    DateTimeOffset RedeemedAt,
    DateTimeOffset? CancelledAt
);

/// <summary>One redemption of an account.</summary>
public static class GetRedemption
{
    const string Sql = """
        select redemption_id as RedemptionId, points, purpose, redeemed_at as RedeemedAt, cancelled_at as CancelledAt
        from ledger_redemption where redemption_id = @redemptionId and customer_id = @customerId
        """;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(
                "/api/loyalty/accounts/{customerId:guid}/redemptions/{redemptionId:guid}",
                async (Guid customerId, Guid redemptionId, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    await using var connection = await db.OpenConnectionAsync(ct);
                    return
                        await connection.QuerySingleOrDefaultAsync<RedemptionShown>(
                            new CommandDefinition(Sql, new { customerId, redemptionId }, cancellationToken: ct)
                        )
                            is { } found
                        ? TypedResults.Ok(found)
                        : (IResult)Answer.NotFound("redemption", redemptionId);
                }
            )
            .RequirePermission("loyalty.read")
            .WithName("GetRedemption")
            .WithSummary("One redemption")
            .WithTags("accounts")
            .Produces<RedemptionShown>()
            .ProducesProblem(404);
}
