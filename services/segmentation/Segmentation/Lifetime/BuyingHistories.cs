using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>A customer's business days with a net order, as of the end of a day; customers who are one have one history.</summary>
/// <param name="First">The first of the days.</param>
/// <param name="Last">The last of the days.</param>
/// <param name="Days">How many they are.</param>
/// <param name="RepeatNet">Net less returns of all of them but the first, in minor units of the base currency.</param>
/// <param name="Later">How many come after the day from which later ones are counted.</param>
public sealed record BuyingHistory(Guid CustomerId, DateOnly First, DateOnly Last, int Days, long RepeatNet, int Later)
{
    /// <summary>Whoever bought first less than so many days ago is fitted, not scored.</summary>
    public const int Young = 28;

    public int X => Days - 1;

    public double Recency => (Last.DayNumber - First.DayNumber) / 7.0;

    public double Age(DateOnly asOf) => (asOf.DayNumber - First.DayNumber) / 7.0;

    public bool IsYoung(DateOnly asOf) => asOf.DayNumber - First.DayNumber < Young;

    /// <summary>Mean net of a repeat day, in the base currency; 0 where there is none.</summary>
    public double MeanValue(Business business) => X == 0 ? 0 : (double)MinorUnits.ToAmount(RepeatNet, business.Currency) / X;
}

/// <summary>
/// Reads what customers bought, set-based: by the end of a day, with the returns of that time, as a run's decision view does. Orders that
/// wholly came back or were retracted, and customers who have been forgotten, do not count.
/// </summary>
public static class BuyingHistories
{
    // Plans are made without looking at the parameters: a query for one customer has another text than one for all.
    static readonly string all = Sql(""),
        one = Sql("and customer_id = any(@members)");

    static string Sql(string whose) =>
        $"""
            with away as materialized (
                select customer_id, survivor_id from (
                    select distinct on (customer_id) customer_id, survivor_id from judged_with
                    where true {whose}
                    order by customer_id, seq desc) j
                where survivor_id is not null),
            forgotten as materialized (select customer_id from customer_scores where forgotten {whose}),
            returned as (
                select customer_id, purchase_id, sum(net)::bigint as net, bool_or(wholly) as wholly from counted_returns
                where returned_at < @until {whose}
                group by 1, 2),
            days as (
                select coalesce(@survivor::uuid, a.survivor_id, p.customer_id) as id, (p.purchased_at at time zone @zone)::date as day,
                       sum(p.net - coalesce(r.net, 0)) as net
                from counted_purchases p left join away a using (customer_id) left join returned r using (customer_id, purchase_id)
                where p.purchased_at < @until and p.retracted is null and not coalesce(r.wholly, false)
                    {whose}
                    and p.customer_id not in (select customer_id from forgotten)
                    and (a.survivor_id is null or a.survivor_id not in (select customer_id from forgotten))
                group by 1, 2)
            select id as customer_id, min(day) as first, max(day) as last, count(*)::int as days,
                   (sum(net) - (array_agg(net order by day))[1])::bigint as repeat_net,
                   count(*) filter (where day > @after)::int as later
            from days group by 1 order by 1
            """;

    /// <param name="snapshot">The planner is told for its duration that reading whole tables in order is meant.</param>
    /// <param name="asOf">The business day at whose end.</param>
    /// <param name="after">From which day on later days are counted.</param>
    /// <returns>In the order of the customers' ids.</returns>
    public static async Task<List<BuyingHistory>> OfAll(
        NpgsqlTransaction snapshot,
        Business business,
        DateOnly asOf,
        CancellationToken ct,
        DateOnly? after = null
    )
    {
        await snapshot.Connection!.ExecuteAsync("set local enable_seqscan = on");
        return await Read(snapshot.Connection!, all, business, asOf, after, null, null, ct);
    }

    /// <returns>Null for who has no net order by the end of the day, and for who has been forgotten.</returns>
    public static async Task<BuyingHistory?> Of(
        NpgsqlConnection connection,
        CustomerGroup customer,
        Business business,
        DateOnly asOf,
        CancellationToken ct
    ) => (await Read(connection, one, business, asOf, null, [.. customer.Members], customer.SurvivorId, ct)).SingleOrDefault();

    /// <param name="members">All members of the groups, too.</param>
    public static Task<List<BuyingHistory>> OfSome(
        NpgsqlConnection connection,
        Guid[] members,
        Business business,
        DateOnly asOf,
        CancellationToken ct
    ) => Read(connection, one, business, asOf, null, members, null, ct);

    static async Task<List<BuyingHistory>> Read(
        NpgsqlConnection connection,
        string sql,
        Business business,
        DateOnly asOf,
        DateOnly? after,
        Guid[]? members,
        Guid? survivor,
        CancellationToken ct
    ) =>
        (
            await connection.QueryAsync<BuyingHistory>(
                new CommandDefinition(
                    sql,
                    new
                    {
                        until = business.StartOf(asOf.AddDays(1)),
                        after = after ?? asOf,
                        zone = business.TimeZone,
                        members,
                        survivor,
                    },
                    commandTimeout: 600,
                    cancellationToken: ct
                )
            )
        ).AsList();
}
