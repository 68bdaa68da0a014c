using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Portraits.Timelines;

/// <summary>How often each contract was told of some customers.</summary>
/// <param name="CustomerIds">At most 1,000.</param>
public sealed record GetCounts([property: Required, MinLength(1), MaxLength(1_000)] IReadOnlyList<Guid> CustomerIds)
{
    /// <summary>Facts of one kind about one customer.</summary>
    /// <param name="CustomerId">Id of the customer.</param>
    /// <param name="Contract">Wire name of the contract: <c>loyalty.points-redeemed</c>.</param>
    /// <param name="Facts">How often it was told.</param>
    public sealed record Count(Guid CustomerId, string Contract, long Facts);

    /// <summary>The counts.</summary>
    /// <param name="Items">By customer and contract; what was never told is left out.</param>
    public sealed record Counts(IReadOnlyList<Count> Items);

    public static void Map(CrmService room) =>
        room.MapPost(
                "counts",
                "How often each kind of fact was told of some customers",
                "customers.read",
                async (GetCounts wanted, NpgsqlDataSource db, CancellationToken ct) =>
                    new Counts(
                        await db.Query<Count>(
                            """
                            select customer_id as CustomerId, contract as Contract, count(*) as Facts from timeline
                            where customer_id = any(@ids) group by 1, 2 order by 1, 2
                            """,
                            new { ids = wanted.CustomerIds.ToArray() },
                            ct
                        )
                    )
            )
            .Produces<Counts>();
}
