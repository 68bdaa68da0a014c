using System.ComponentModel;
using System.Text.Json;
using System.Text.RegularExpressions;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Rewards;

public enum RewardStatus
{
    Published,
    Withdrawn,
}

/// <summary>A reward of the catalogue.</summary>
/// <param name="Id">Id of the reward.</param>
/// <param name="Code">Its code: <c>tea-set</c>.</param>
/// <param name="Status">Whether members can have it.</param>
/// <param name="Stock">How many can be reserved now; null is without limit.</param>
/// <param name="Offer">What it is called, what it costs whom, and who may have how many of it when.</param>
/// <param name="CustomerPrice">What the customer who was asked for pays, by the best tier of those who are one person with them; null where
/// it cannot have it, and where nobody was asked for.</param>
/// <param name="Affordable">Whether that customer would get it now: published, available, left, allowed, within the person's limit and
/// within the customer's own balance.</param>
public sealed record RewardListed(
    Guid Id,
    long Version,
    string Code,
    RewardStatus Status,
    long? Stock,
    Offer Offer,
    long? CustomerPrice,
    bool? Affordable
);

/// <summary>The catalogue in the order of the codes, with one customer's prices where a customer is named.</summary>
public static partial class GetRewards
{
    const string Sql = """
        select * from (
            select r.reward_id as id, r.version, r.code, r.published, r.offer::text as offer, s.stock, p.price as customer_price,
                r.published and coalesce((offer->>'from')::timestamptz <= @now, true)
                    and coalesce(@now < (offer->>'until')::timestamptz, true)
                    and coalesce(s.stock > 0, true)
                    and coalesce(p.price <= @points, false)
                    and coalesce((select count(*) from reward_order o where o.customer_id = any(@members) and o.reward_id = r.reward_id
                        and (o.status in ('Confirmed', 'Fulfilled') or (o.status = 'Reserved' and o.lapses_at > @now)))
                            < (offer->>'perMember')::int, true) as affordable
            from reward r,
                lateral
                    (select r.stock + (select count(*) from reward_order o
                    where o.reward_id = r.reward_id and o.status = 'Reserved' and o.lapses_at <= @now) as stock) s,
                lateral
                    (select case when not coalesce(jsonb_exists(offer->'notFor', @tier), false)
                    then coalesce((offer->'tierPrices'->>@tier)::bigint, (offer->>'price')::bigint)
                    end as price) p
            where (@id::uuid is null or r.reward_id = @id)
                and (@kind::text is null or kind = @kind) and (@published::bool is null or published = @published)
                and (@after::text is null or code > @after)) q
        where @affordable::bool is null or affordable = @affordable
        order by code limit @take
        """;

    public static void Map(CrmService room)
    {
        room.MapGet(
                "rewards",
                "The catalogue, at a member's prices if wanted",
                "loyalty.read",
                async (
                    [Description("Only goods, gift, coupon, discount or trial.")] string? kind,
                    [Description("Only published or withdrawn ones.")] string? status,
                    [Description("At the prices of this customer.")] Guid? customer,
                    [Description("Only what that customer would get now, or would not.")] bool? affordable,
                    int? limit,
                    string? after,
                    EventStore store,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    if (affordable is not null && customer is null)
                        throw new BadRequestException("customer", "the customer for whom it shall be affordable");
                    if (after is not null && !Code().IsMatch(after))
                        throw new BadRequestException("after", "a cursor from a page's next");
                    var (size, published) = (
                        PageLimit.Of(limit),
                        Choice.Of<RewardStatus>("status", status) is { } wanted ? wanted == RewardStatus.Published : (bool?)null
                    );
                    var found = await Read(
                        new(
                            Id: null,
                            Kind: Choice.Of<RewardKind>("kind", kind)?.ToString(),
                            Published: published,
                            Customer: customer,
                            Affordable: affordable,
                            After: after,
                            Take: size + 1
                        ),
                        store,
                        db,
                        rules,
                        clock.GetUtcNow(),
                        ct
                    );
                    return Page.Of(found, size, last => last.Code);
                }
            )
            .ProducesProblem(404)
            .Produces<Page<RewardListed>>();
        room.MapGet(
                "rewards/{id:guid}",
                "One reward",
                "loyalty.read",
                async (
                    Guid id,
                    [Description("At the prices of this customer.")] Guid? customer,
                    EventStore store,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    HttpResponse response,
                    CancellationToken ct
                ) =>
                {
                    if (
                        await Read(
                            new(Id: id, Kind: null, Published: null, Customer: customer, Affordable: null, After: null, Take: 1),
                            store,
                            db,
                            rules,
                            clock.GetUtcNow(),
                            ct
                        )
                        is not [var reward]
                    )
                        return (IResult)Answer.NotFound("reward", id);
                    response.Headers.ETag = $"\"{reward.Version}\"";
                    return TypedResults.Ok(reward);
                }
            )
            .WithName("GetReward")
            .Produces<RewardListed>();
    }

    static async Task<List<RewardListed>> Read(
        Question q,
        EventStore store,
        NpgsqlDataSource db,
        LoyaltyRules rules,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var members = q.Customer is { } customer ? (await CustomerGroups.Of(db, customer, ct)).Members : [];
        var accounts = await MemberAccount.Of(members, store, rules, now, ct);
        // The best tier of the person, and the points of the member who would pay.
        var account = accounts.FirstOrDefault(a => a.CustomerId == q.Customer)?.Account;
        if (account is null && q.Customer is not null)
            throw new NotFoundException("account", q.Customer);
        var rows = await db.Query<Row>(
            Sql,
            new
            {
                q.Id,
                q.Kind,
                q.Published,
                members = members.ToArray(),
                q.Affordable,
                q.After,
                q.Take,
                now,
                tier = rules.Best(accounts, a => a.Account.Tier, now)?.Account.Tier,
                points = account is null or { IsForgotten: true } ? null : (long?)account.Spendable(now),
            },
            ct
        );
        return rows.Select(r => new RewardListed(
                Id: r.Id,
                Version: r.Version,
                Code: r.Code,
                Status: r.Published ? RewardStatus.Published : RewardStatus.Withdrawn,
                Stock: r.Stock,
                Offer: JsonSerializer.Deserialize<Offer>(r.Offer, EventStoreOptions.Json)!,
                CustomerPrice: account is null ? null : r.CustomerPrice,
                Affordable: account is null ? null : r.Affordable
            ))
            .AsList();
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,49}\z")]
    private static partial Regex Code();

    sealed record Question(Guid? Id, string? Kind, bool? Published, Guid? Customer, bool? Affordable, string? After, int Take);

    sealed record Row(Guid Id, long Version, string Code, bool Published, string Offer, long? Stock, long? CustomerPrice, bool Affordable);
}
