namespace CrmPlatform.Segmentation.Customers;

/// <summary>Counts business days with a net order, of customers as they were judged.</summary>
public static class OrderDays
{
    const string Sql = $"""
        {PopulationSql.Judged}
        select id, count(*) from (
            select distinct coalesce(a.survivor_id, p.customer_id) as id, (p.purchased_at at time zone @zone)::date
            from counted_purchases p left join away a using (customer_id) left join returned r using (customer_id, purchase_id)
            where {PopulationSql.Counts} and {PopulationSql.Net} and coalesce(a.survivor_id, p.customer_id) = any(@customers)
        ) days group by id
        """;

    /// <inheritdoc cref="Population.Read"/>
    public static async Task<Dictionary<Guid, long>> Read(
        NpgsqlConnection connection,
        Guid[] customers,
        (DateTimeOffset From, DateTimeOffset Until, DateTimeOffset ReturnsUntil) window,
        long through,
        Business business,
        CancellationToken ct
    ) =>
        (
            await connection.QueryAsync<(Guid Customer, long Days)>(
                new CommandDefinition(
                    Sql,
                    new
                    {
                        customers,
                        window.From,
                        window.Until,
                        window.ReturnsUntil,
                        through,
                        customer = (Guid?)null,
                        zone = business.TimeZone,
                    },
                    commandTimeout: 600,
                    cancellationToken: ct
                )
            )
        ).ToDictionary(d => d.Customer, d => d.Days);
}
