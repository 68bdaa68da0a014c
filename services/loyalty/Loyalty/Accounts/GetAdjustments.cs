namespace CrmPlatform.Loyalty.Accounts;

/// <param name="Status">proposed, made or declined.</param>
/// <param name="NotedAt">When it got this status.</param>
public sealed record AdjustmentShown(
    Guid AdjustmentId,
    Guid CustomerId,
    long Points,
    string Reason,
    string Status,
    string ProposedBy,
    string? DecidedBy,
    DateTimeOffset NotedAt
);

/// <summary>Adjustments page by page, oldest first: those that wait for a second person, or one account's.</summary>
public static class GetAdjustments
{
    const string Sql = """
        select adjustment_id as AdjustmentId, customer_id as CustomerId, points, reason, status,
            proposed_by as ProposedBy, decided_by as DecidedBy, noted_at as NotedAt
        from ledger_adjustment
        where (@status::text is null or status = @status) and (@customerId::uuid is null or customer_id = @customerId)
            and (@after::uuid is null or adjustment_id > @after)
        order by adjustment_id limit @take
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
            "adjustments",
            "Corrections by hand, those that wait included",
            "loyalty.read",
            async (string? status, Guid? customerId, int? limit, string? after, NpgsqlDataSource db, CancellationToken ct) =>
            {
                if (status is not (null or "proposed" or "made" or "declined"))
                    throw new BadRequestException("status", "proposed, made or declined");
                Guid? cursor =
                    after is null ? null
                    : Guid.TryParse(after, out var id) ? id
                    : throw new BadRequestException("after", "a cursor from a page's next");
                var size = PageLimit.Of(limit);
                var found = await db.Query<AdjustmentShown>(
                    Sql,
                    new
                    {
                        status,
                        customerId,
                        after = cursor,
                        take = size + 1,
                    },
                    ct
                );
                return Page.Of(found, size, last => last.AdjustmentId.ToString());
            }
        );
}
