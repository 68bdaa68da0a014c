namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// Moves on the customers whose threshold has passed, dated at their thresholds. While a source tells of purchases of the past, the silence
/// of those who buy there is not silence: the next line may end it. They wait until it has settled, unless somebody knows better; all
/// others do not.
/// </summary>
public sealed class LifecycleClock(Yardsticks yardsticks, SegmentationOptions options) : IDueWork
{
    const string Sql = """
        select d.customer_id, g.others from lifecycle_due_2 d
        left join lateral (select array_agg(customer_id) as others from customer_groups
            where survivor_id = d.customer_id and customer_id <> d.customer_id) g on true
        where due_at < @now and (@over or not exists (
            select from lifecycle_settling i join lifecycle_source s on s.source in (i.source, '')
                and s.customer_id = any(array_append(g.others, d.customer_id))
            where i.noted_at > @since and i.began_at > @cap))
        order by due_at
        """;

    public string Name => "lifecycle";
    public TimeSpan Every => options.LifecycleEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from due in await connection.QueryAsync<Row>(
            new CommandDefinition(
                Sql,
                new
                {
                    now,
                    since = now - options.ImportSettles,
                    cap = now - options.ImportLasts,
                    over = ImportIsOver,
                },
                cancellationToken: ct
            )
        )
        select Together.Judge(
            due.CustomerId,
            due.Others ?? [],
            customer => new PassTime(now).Decide(customer, yardsticks.Current.Lifecycle)
        );

    public bool ImportIsOver { get; init; }

    sealed class Row
    {
        public Guid CustomerId { get; init; }

        /// <summary>Those whose orders count for the customer, too.</summary>
        public Guid[]? Others { get; init; }
    }
}
