namespace CrmPlatform.Customers.Profiles;

/// <summary>Ids by external ids, and external ids by ids, many at once. What is not known is left out.</summary>
/// <param name="Ids">Ids of customers, at most 1,000.</param>
/// <param name="ExternalIds">Numbers in other systems, at most 1,000.</param>
public sealed record LookUpCustomers(
    [property: MaxLength(LookUpCustomers.Most)] IReadOnlyList<Guid>? Ids = null,
    [property: MaxLength(LookUpCustomers.Most)] IReadOnlyList<ExternalId>? ExternalIds = null
)
{
    public const int Most = 1_000;

    /// <summary>A customer with all their external ids.</summary>
    /// <param name="Id">Id of the customer.</param>
    /// <param name="ExternalIds">The customer's numbers in other systems.</param>
    public sealed record Found(Guid Id, IReadOnlyList<ExternalId> ExternalIds);

    /// <summary>The customers that were found.</summary>
    /// <param name="Items">By id; what is not known is left out.</param>
    public sealed record Customers(IReadOnlyList<Found> Items);

    sealed record Row(Guid Id, string? System, string? Value);

    public static void Map(CrmService room) =>
        room.MapPost(
                "lookups",
                "Look up ids and external ids, many at once",
                "customers.read",
                async (LookUpCustomers wanted, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var numbers = (wanted.ExternalIds ?? []).SelectMany(x => new[] { x, x.Normal() }).Distinct().ToList();
                    var rows = await db.Query<Row>(
                        """
                        with wanted as (
                            select id from directory where id = any(@ids)
                            union
                            select x.customer_id from unnest(@systems, @values) r(system, value)
                                join directory_external_ids x on x.system = r.system and x.value = r.value)
                        select w.id, x.system, x.value from wanted w left join directory_external_ids x on x.customer_id = w.id
                        order by w.id, x.system, x.value
                        """,
                        new
                        {
                            ids = (wanted.Ids ?? []).ToArray(),
                            systems = numbers.Select(x => x.System).ToArray(),
                            values = numbers.Select(x => x.Value).ToArray(),
                        },
                        ct
                    );
                    return new Customers([
                        .. rows.GroupBy(r => r.Id)
                            .Select(g => new Found(
                                g.Key,
                                [.. g.Where(r => r.System is not null).Select(r => new ExternalId(r.System!, r.Value!))]
                            )),
                    ]);
                }
            )
            .Produces<Customers>();
}
