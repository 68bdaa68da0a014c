namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Points that were spent.</summary>
/// <param name="CustomerId">The member whose points they were.</param>
/// <param name="RedemptionId">Id of the redemption.</param>
/// <param name="Points">How many points were spent.</param>
/// <param name="Purpose">What for, as a code: <c>voucher-10</c>.</param>
/// <param name="RedeemedAt">When they were spent.</param>
/// <param name="CancelledAt">When they were given back; null if they were not.</param>
public sealed record RedemptionShown(
    Guid CustomerId,
    Guid RedemptionId,
    long Points,
    string Purpose,
    DateTimeOffset RedeemedAt,
    DateTimeOffset? CancelledAt
);

/// <summary>One redemption of an account, or of another account of the same person.</summary>
public static class GetRedemption
{
    const string Sql = """
        select customer_id as CustomerId, redemption_id as RedemptionId, points, purpose,
            redeemed_at as RedeemedAt, cancelled_at as CancelledAt
        from ledger_redemption where redemption_id = @redemptionId and customer_id = any(@members)
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "accounts/{customerId:guid}/redemptions/{redemptionId:guid}",
                "One redemption",
                "loyalty.read",
                async (Guid customerId, Guid redemptionId, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var members = (await CustomerGroups.Of(db, customerId, ct)).Members.ToArray();
                    return await db.QuerySingleOrDefault<RedemptionShown>(Sql, new { members, redemptionId }, ct) is { } found
                        ? TypedResults.Ok(found)
                        : (IResult)Answer.NotFound("redemption", redemptionId);
                }
            )
            .Produces<RedemptionShown>();
}
