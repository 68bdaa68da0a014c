namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// Moves on the customers whose threshold has passed, dated at their thresholds. While purchases of the past are coming in, silence is not
/// silence: the next line may end it. Then nothing is done, unless somebody knows better.
/// </summary>
public sealed class LifecycleClock(Yardsticks yardsticks, SegmentationOptions options) : IDueWork
{
    public string Name => "lifecycle";
    public TimeSpan Every => options.LifecycleEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        !ImportIsOver
        && await connection.QuerySingleAsync<bool>(
            new CommandDefinition(
                "select exists (select from lifecycle_due where backdated and noted_at > @since)",
                new { since = now - options.ImportSettles },
                cancellationToken: ct
            )
        )
            ? []
            : from id in await connection.QueryAsync<Guid>(
                new CommandDefinition(
                    "select customer_id from lifecycle_due where due_at < @now order by due_at",
                    new { now },
                    cancellationToken: ct
                )
            )
            select Write.To(CustomerValue.Of(id), customer => new PassTime(now).Decide(customer, yardsticks.Current.Lifecycle));

    public bool ImportIsOver { get; init; }
}
