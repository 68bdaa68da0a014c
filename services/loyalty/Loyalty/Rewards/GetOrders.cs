using System.ComponentModel;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>A member's order of a reward.</summary>
/// <param name="Id">Id of the order.</param>
/// <param name="RewardId">Id of the reward.</param>
/// <param name="Reward">Code of the reward.</param>
/// <param name="Kind">What kind of reward it is.</param>
/// <param name="Tier">The tier whose price applied.</param>
/// <param name="Points">Price in points.</param>
/// <param name="Status">reserved, confirmed, fulfilled, cancelled or lapsed: lapsed from the instant LapsesAt on, whether that is written
/// down or not.</param>
/// <param name="ReservedAt">When it was reserved.</param>
/// <param name="LapsesAt">It lapses then, if it is not confirmed before.</param>
/// <param name="ConfirmedAt">When it was confirmed; null if it was not.</param>
/// <param name="EndedAt">When it was fulfilled, used, cancelled or lapsed; null before.</param>
/// <param name="CouponValidUntil">Its code can be used until just before here; null if it has none.</param>
/// <param name="CouponUsedFor">The till's number of what the code was used for; null while it was not.</param>
public sealed record OrderShown(
    Guid Id,
    long Version,
    Guid CustomerId,
    Guid RewardId,
    string Reward,
    RewardKind Kind,
    string Tier,
    long Points,
    OrderStatus Status,
    DateTimeOffset ReservedAt,
    DateTimeOffset LapsesAt,
    DateTimeOffset? ConfirmedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? CouponValidUntil,
    string? CouponUsedFor
);

/// <summary>Orders of a person, of a reward, or all of them, page by page in the order of their ids; and one of them.</summary>
public static class GetOrders
{
    const string Sql = """
        select * from (
            select order_id as id, version, customer_id, reward_id, reward, kind, tier, points,
                case when due then 'Lapsed' else status end as status, reserved_at, lapses_at, confirmed_at,
                case when due then lapses_at else ended_at end as ended_at, coupon_valid_until, coupon_used_for
            from reward_order, lateral (select status = 'Reserved' and lapses_at <= @now as due) d
            where (@id::uuid is null or order_id = @id) and (@members::uuid[] is null or customer_id = any(@members))
                and (@reward::uuid is null or reward_id = @reward)
                and (@after::uuid is null or order_id > @after)) o
        where @status::text is null or status = @status
        order by id limit @take
        """;

    public static void Map(CrmService room)
    {
        room.MapGet(
            "orders",
            "Orders, newest first",
            "loyalty.read",
            async (
                Guid? customer,
                [Description("Only orders of this reward.")] Guid? reward,
                [Description("Only orders with this status: reserved, confirmed, fulfilled, cancelled or lapsed.")] string? status,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                TimeProvider clock,
                CancellationToken ct
            ) =>
            {
                var wanted = Choice.Of<OrderStatus>("status", status, but: OrderStatus.None);
                Guid? cursor =
                    after is null ? null
                    : Guid.TryParse(after, out var id) ? id
                    : throw new BadRequestException("after", "a cursor from a page's next");
                var size = PageLimit.Of(limit);
                var members = customer is { } named ? (await CustomerGroups.Of(db, named, ct)).Members.ToArray() : null;
                var found = await Read(
                    db,
                    new
                    {
                        id = (Guid?)null,
                        members,
                        reward,
                        status = wanted?.ToString(),
                        after = cursor,
                        take = size + 1,
                        now = clock.GetUtcNow(),
                    },
                    ct
                );
                return Page.Of(found, size, last => last.Id.ToString());
            }
        );
        room.MapGet(
                "orders/{id:guid}",
                "One order",
                "loyalty.read",
                async (Guid id, NpgsqlDataSource db, TimeProvider clock, HttpResponse response, CancellationToken ct) =>
                {
                    var found = await Read(
                        db,
                        new
                        {
                            id,
                            members = (Guid[]?)null,
                            reward = (Guid?)null,
                            status = (string?)null,
                            after = (Guid?)null,
                            take = 1,
                            now = clock.GetUtcNow(),
                        },
                        ct
                    );
                    if (found is not [var order])
                        return (IResult)Answer.NotFound("order", id);
                    response.Headers.ETag = $"\"{order.Version}\"";
                    return TypedResults.Ok(order);
                }
            )
            .WithName("GetOrder")
            .Produces<OrderShown>();
    }

    internal static async Task<IEnumerable<Guid>> Of(Guid customer, NpgsqlDataSource db, CancellationToken ct)
    {
        return await db.Query<Guid>(
            "select order_id from reward_order where customer_id = @customer order by reserved_at, order_id",
            new { customer },
            ct
        );
    }

    static async Task<List<OrderShown>> Read(NpgsqlDataSource db, object question, CancellationToken ct)
    {
        return (await db.Query<Row>(Sql, question, ct))
            .Select(r => new OrderShown(
                Id: r.Id,
                Version: r.Version,
                CustomerId: r.CustomerId,
                RewardId: r.RewardId,
                Reward: r.Reward,
                Kind: Enum.Parse<RewardKind>(r.Kind),
                Tier: r.Tier,
                Points: r.Points,
                Status: Enum.Parse<OrderStatus>(r.Status),
                ReservedAt: r.ReservedAt,
                LapsesAt: r.LapsesAt,
                ConfirmedAt: r.ConfirmedAt,
                EndedAt: r.EndedAt,
                CouponValidUntil: r.CouponValidUntil,
                CouponUsedFor: r.CouponUsedFor
            ))
            .AsList();
    }

    sealed record Row(
        Guid Id,
        long Version,
        Guid CustomerId,
        Guid RewardId,
        string Reward,
        string Kind,
        string Tier,
        long Points,
        string Status,
        DateTimeOffset ReservedAt,
        DateTimeOffset LapsesAt,
        DateTimeOffset? ConfirmedAt,
        DateTimeOffset? EndedAt,
        DateTimeOffset? CouponValidUntil,
        string? CouponUsedFor
    );
}
