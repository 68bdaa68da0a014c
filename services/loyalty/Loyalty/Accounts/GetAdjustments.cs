using System.ComponentModel;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>A correction of a balance by hand.</summary>
/// <param name="AdjustmentId">Id of the adjustment.</param>
/// <param name="Points">Positive was given, negative was taken.</param>
/// <param name="Reason">Why, as a code: <c>goodwill</c>.</param>
/// <param name="Status"><c>proposed</c> (it waits for a second person), <c>made</c> or <c>declined</c>.</param>
/// <param name="ProposedBy">Who made or proposed it: the subject of their token.</param>
/// <param name="DecidedBy">Who approved or declined it; null if no second person had to.</param>
/// <param name="NotedAt">When it got this status.</param>
public sealed record AdjustmentShown(
    Guid AdjustmentId,
    Guid CustomerId,
    long Points,
    string Reason,
    [property: OneOf("proposed", "made", "declined")] string Status,
    string ProposedBy,
    string? DecidedBy,
    DateTimeOffset NotedAt
);

/// <summary>Adjustments page by page, oldest first: those that wait for a second person, or one person's.</summary>
public static class GetAdjustments
{
    const string Sql = """
        select adjustment_id as AdjustmentId, customer_id as CustomerId, points, reason, status,
            proposed_by as ProposedBy, decided_by as DecidedBy, noted_at as NotedAt
        from ledger_adjustment
        where (@status::text is null or status = @status) and (@members::uuid[] is null or customer_id = any(@members))
            and (@after::uuid is null or adjustment_id > @after)
        order by adjustment_id limit @take
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
            "adjustments",
            "Corrections by hand, those that wait included",
            "loyalty.read",
            async (
                [Description("Only proposed, made or declined ones.")] string? status,
                Guid? customerId,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                CancellationToken ct
            ) =>
            {
                if (status is not (null or "proposed" or "made" or "declined"))
                    throw new BadRequestException("status", "proposed, made or declined");
                Guid? cursor =
                    after is null ? null
                    : Guid.TryParse(after, out var id) ? id
                    : throw new BadRequestException("after", "a cursor from a page's next");
                var size = PageLimit.Of(limit);
                var members = customerId is { } customer ? (await CustomerGroups.Of(db, customer, ct)).Members.ToArray() : null;
                var found = await db.Query<AdjustmentShown>(
                    Sql,
                    new
                    {
                        status,
                        members,
                        after = cursor,
                        take = size + 1,
                    },
                    ct
                );
                return Page.Of(found, size, last => last.AdjustmentId.ToString());
            }
        );
}
