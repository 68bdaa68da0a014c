namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Records that the time of a tag is up, dated at its instant. Reads do not wait for it: they compare the instant themselves.
/// </summary>
public sealed class ExpireTags : IDueWork
{
    public string Name => "expire-tags";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from customer in await connection.QueryAsync<Guid>(
            new CommandDefinition(
                "select customer_id from tag_members where until <= @now group by customer_id order by min(until)",
                new { now },
                cancellationToken: ct
            )
        )
        select Write.To(Customer.Of(customer), c => Decide(c, now));

    public static ICustomerEvent[] Decide(Customer customer, DateTimeOffset now) => [.. customer.Tags.Lapsed(now)];
}
