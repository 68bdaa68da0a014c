namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// Moves on the customers whose threshold has passed, dated at their thresholds. While a source tells of purchases of the past, the silence
/// of those who buy there is not silence: the next line may end it. They wait until it has settled, unless somebody knows better; all
/// others do not.
/// </summary>
public sealed class LifecycleClock(Yardsticks yardsticks, SegmentationOptions options) : IDueWork
{
    const string Sql = """
        select customer_id from lifecycle_due_2 d
        where due_at < @now and (@over or not exists (
            select from lifecycle_settling i join lifecycle_source s on s.customer_id = d.customer_id and s.source in (i.source, '')
            where i.noted_at > @since))
        order by due_at
        """;

    public string Name => "lifecycle";
    public TimeSpan Every => options.LifecycleEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from id in await connection.QueryAsync<Guid>(
            new CommandDefinition(
                Sql,
                new
                {
                    now,
                    since = now - options.ImportSettles,
                    over = ImportIsOver,
                },
                cancellationToken: ct
            )
        )
        select Write.To(CustomerValue.Of(id), customer => new PassTime(now).Decide(customer, yardsticks.Current.Lifecycle));

    public bool ImportIsOver { get; init; }
}
