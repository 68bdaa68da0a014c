using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>A customer as a run sees them: metrics as of the day, and what is said of them at present.</summary>
/// <param name="Orders">Net orders; 0 where everything came back, who is not part of the population.</param>
/// <param name="Later">Bought after the as-of day.</param>
public sealed record Member(
    Guid CustomerId,
    long Orders,
    long Revenue,
    DateTimeOffset? LastOrderAt,
    bool Later,
    bool Bought,
    short? R,
    short? F,
    short? M,
    string? ChineseType,
    string? Segment,
    string? Grade
)
{
    public Metrics Metrics(Business business) => new(business.DayOf(LastOrderAt!.Value), Orders, Revenue);
}

/// <summary>How much the log held when a population was read.</summary>
/// <param name="Groups">How often it had been said that somebody is judged under another id, or alone again.</param>
public sealed record Extent(long Purchases, long Returns, long Groups, long Through)
{
    /// <summary>What a run has counted: the same is the same run.</summary>
    public string Counted => Groups == 0 ? $"{Purchases}+{Returns}" : $"{Purchases}+{Returns}+{Groups}";
}

/// <summary>Reads all customers, set-based, with the metrics that they had at an instant.</summary>
public static class Population
{
    /// <summary>Before all purchases: the window of those who count all.</summary>
    public static DateTimeOffset Always { get; } = new(1800, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="returnsUntil">Returns before this instant count; later than <paramref name="until"/> in the corrected view.</param>
    /// <param name="through">Only what the log held up to this event; the highest number for everything.</param>
    /// <param name="customer">Only the one under whose id this customer was judged.</param>
    /// <param name="from">Purchases before this instant count for nothing.</param>
    public static Task<List<Member>> Read(
        NpgsqlConnection connection,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        CancellationToken ct,
        Guid? customer = null,
        Guid? after = null,
        int? limit = null,
        DateTimeOffset? from = null
    ) =>
        Query(
            connection,
            customer is null ? PopulationSql.OfMany : PopulationSql.OfOne,
            until,
            returnsUntil,
            through,
            from,
            ct,
            customer,
            after,
            limit
        );

    /// <summary>Everybody. The planner is told until the end of the transaction that reading whole tables is meant.</summary>
    /// <inheritdoc cref="Read"/>
    public static async Task<List<Member>> ReadAll(
        NpgsqlTransaction snapshot,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        CancellationToken ct,
        DateTimeOffset? from = null
    )
    {
        await snapshot.Connection!.ExecuteAsync("set local enable_seqscan = on; set local work_mem = '64MB'");
        return await Query(snapshot.Connection!, PopulationSql.OfAll, until, returnsUntil, through, from, ct);
    }

    /// <summary>
    /// Everybody as of one instant, in pages in the order of their ids. The database holds the answer, on disk where it is large: no
    /// transaction stays open, and the connection is free for other queries between two pages.
    /// </summary>
    /// <inheritdoc cref="Read"/>
    public static async IAsyncEnumerable<List<Member>> Pages(
        NpgsqlConnection connection,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        int size,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await connection.ExecuteAsync("set local enable_seqscan = on; set local work_mem = '64MB'");
            await connection.ExecuteAsync(
                Command($"declare everybody no scroll cursor with hold for {PopulationSql.OfAll}", until, returnsUntil, through, null, ct)
            );
            await transaction.CommitAsync(ct);
        }
        try
        {
            while (
                (await connection.QueryAsync<Member>(new($"fetch {size} from everybody", cancellationToken: ct))).AsList()
                    is { Count: > 0 } page
            )
                yield return page;
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync("close everybody");
        }
    }

    static async Task<List<Member>> Query(
        NpgsqlConnection connection,
        string sql,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        DateTimeOffset? from,
        CancellationToken ct,
        Guid? customer = null,
        Guid? after = null,
        int? limit = null
    ) => (await connection.QueryAsync<Member>(Command(sql, until, returnsUntil, through, from, ct, customer, after, limit))).AsList();

    static CommandDefinition Command(
        string sql,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        DateTimeOffset? from,
        CancellationToken ct,
        Guid? customer = null,
        Guid? after = null,
        int? limit = null
    ) =>
        new(
            sql,
            new
            {
                until,
                returnsUntil,
                through,
                customer,
                after,
                limit,
                scoredOnly = limit is not null,
                from = from ?? Always,
            },
            commandTimeout: 600,
            cancellationToken: ct
        );

    public static Task<Extent> Measure(
        NpgsqlConnection connection,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        CancellationToken ct
    ) =>
        connection.QuerySingleAsync<Extent>(
            new CommandDefinition(
                """
                select (select count(*) from counted_purchases where purchased_at < @until and retracted is null) as Purchases,
                       (select count(*) from counted_returns where returned_at < @returnsUntil) as Returns,
                       (select count(*) from judged_with) as Groups,
                       greatest((select coalesce(max(greatest(seq, retracted)), 0) from counted_purchases),
                           (select coalesce(max(seq), 0) from counted_returns), (select coalesce(max(seq), 0) from judged_with)) as Through
                """,
                new { until, returnsUntil },
                commandTimeout: 600,
                cancellationToken: ct
            )
        );
}
