using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Xyz;

/// <summary>The net revenue of a customer's last twelve calendar months, from the month of the first order on.</summary>
public static class MonthlyNet
{
    static readonly string sql = $"""
        {PopulationSql.Judged},
        months as (
            select coalesce(a.survivor_id, p.customer_id) as id, p.net - coalesce(r.net, 0) as net,
                (extract(year from p.purchased_at at time zone @zone) * 12
                    + extract(month from p.purchased_at at time zone @zone))::int - 1 as month
            from counted_purchases p left join away a using (customer_id) left join returned r using (customer_id, purchase_id)
            where {PopulationSql.Counts} and {PopulationSql.Net} and (@customers::uuid[] is null
                or coalesce(a.survivor_id, p.customer_id) = any(@customers)))
        select id, min(month), array[{string.Join(", ", Enumerable.Range(0, Variation.Months).Select(Month))}]
        from months group by id
        """;

    static string Month(int k) => $"coalesce(sum(net) filter (where month = @first + {k}), 0)::bigint";

    /// <summary>The last of the twelve months, as year · 12 + month − 1: that of the as-of day if the day ends it, else the one before.
    /// </summary>
    public static int LastMonth(DateOnly asOf) => asOf.Year * 12 + asOf.Month - 1 - (asOf.AddDays(1).Day == 1 ? 0 : 1);

    /// <param name="customers">Null: all.</param>
    /// <param name="asOf">With the instants until which purchases and returns count.</param>
    public static async Task<Dictionary<Guid, double?>> Variations(
        NpgsqlConnection connection,
        Guid[]? customers,
        (DateOnly Day, DateTimeOffset Until, DateTimeOffset ReturnsUntil) asOf,
        long through,
        Business business,
        CancellationToken ct
    )
    {
        var first = LastMonth(asOf.Day) - Variation.Months + 1;
        var rows = await connection.QueryAsync<(Guid Customer, int Since, long[] Net)>(
            new CommandDefinition(
                sql,
                new
                {
                    customers,
                    from = Population.Always,
                    asOf.Until,
                    asOf.ReturnsUntil,
                    through,
                    first,
                    customer = (Guid?)null,
                    zone = business.TimeZone,
                },
                commandTimeout: 600,
                cancellationToken: ct
            )
        );
        return rows.ToDictionary(r => r.Customer, r => Variation.Of(r.Net.AsSpan(Math.Clamp(r.Since - first, 0, Variation.Months))));
    }
}
