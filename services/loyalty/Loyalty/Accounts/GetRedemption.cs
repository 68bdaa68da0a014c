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

    public static void Map(CrmService room) =>
        room.MapGet(
                "accounts/{customerId:guid}/redemptions/{redemptionId:guid}",
                "One redemption",
                "loyalty.read",
                async (Guid customerId, Guid redemptionId, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    return await db.QuerySingleOrDefault<RedemptionShown>(Sql, new { customerId, redemptionId }, ct) is { } found
                        ? TypedResults.Ok(found)
                        : (IResult)Answer.NotFound("redemption", redemptionId);
                }
            )
            .Produces<RedemptionShown>();
}
