using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// Every purchase and return that was counted, for questions about all customers at once. A retracted purchase stays, with the number of
/// the event that took it out: a question about what the log held before still finds it.
/// </summary>
public sealed class CountedPurchases : IProjection
{
    public string Name => "counted-purchases";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public string Ddl =>
        """
            create table if not exists counted_purchases (
                customer_id uuid not null, purchase_id uuid not null, purchased_at timestamptz not null, net bigint not null,
                seq bigint not null, event_id uuid not null, retracted bigint, primary key (customer_id, purchase_id));
            alter table counted_purchases add column if not exists retracted bigint;
            create table if not exists counted_returns (
                customer_id uuid not null, return_id uuid not null, purchase_id uuid not null, returned_at timestamptz not null,
                net bigint not null,
                wholly bool not null, seq bigint not null, primary key (customer_id, return_id));
            """;

    public void Register(EventHandlers on) =>
        on.OnPage<PurchaseCounted, PurchaseUncounted>(
                (page, sql) =>
                {
                    var purchases = page.Where(e => e.Data is PurchaseCounted)
                        .Select(e => (About: e, Fact: (PurchaseCounted)e.Data))
                        .ToList();
                    sql.Add(
                        """
                        insert into counted_purchases (customer_id, purchase_id, purchased_at, net, seq, event_id)
                        select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::uuid[])
                        on conflict do nothing
                        """,
                        All(p => p.About.StreamId),
                        All(p => p.Fact.PurchaseId),
                        All(p => p.Fact.PurchasedAt),
                        All(p => p.Fact.Net),
                        All(p => p.About.Sequence),
                        All(p => p.About.Id)
                    );
                    var retracted = page.Where(e => e.Data is PurchaseUncounted).ToList();
                    if (retracted.Count > 0)
                        sql.Add(
                            """
                            update counted_purchases p set retracted = r.seq
                            from unnest($1::uuid[], $2::uuid[], $3::bigint[]) r(customer_id, purchase_id, seq)
                            where (p.customer_id, p.purchase_id) = (r.customer_id, r.purchase_id)
                            """,
                            retracted.Select(e => e.StreamId).ToArray(),
                            retracted.Select(e => ((PurchaseUncounted)e.Data).PurchaseId).ToArray(),
                            retracted.Select(e => e.Sequence).ToArray()
                        );

                    T[] All<T>(Func<(RecordedEvent About, PurchaseCounted Fact), T> column) => [.. purchases.Select(column)];
                }
            )
            .On<ReturnCounted>(
                (r, e, sql) =>
                    sql.Add(
                        """
                        insert into counted_returns (customer_id, return_id, purchase_id, returned_at, net, wholly, seq)
                        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
                        """,
                        e.StreamId,
                        r.ReturnId,
                        r.PurchaseId,
                        r.ReturnedAt,
                        r.Net,
                        r.WhollyReturned,
                        e.Sequence
                    )
            );
}

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
public sealed record Extent(long Purchases, long Returns, long Through);

/// <summary>Reads all customers, set-based, with the metrics that they had at an instant.</summary>
public static class Population
{
    const string Sql = """
        select p.customer_id, p.orders, p.revenue, p.last_order_at, p.later, p.bought,
               s.recency as r, s.frequency as f, s.monetary as m, s.chinese_type, s.segment, s.grade
        from (select p.customer_id,
                     count(*) filter (where p.purchased_at < @until and not coalesce(r.wholly, false)) as orders,
                     coalesce(sum(p.net - coalesce(r.net, 0)) filter (where p.purchased_at < @until and not coalesce(r.wholly, false)),
                         0)::bigint as revenue,
                     max(p.purchased_at) filter (where p.purchased_at < @until and not coalesce(r.wholly, false)) as last_order_at,
                     bool_or(p.purchased_at >= @until) as later, bool_or(p.purchased_at < @until) as bought
              from counted_purchases p
              left join (select customer_id, purchase_id, sum(net)::bigint as net, bool_or(wholly) as wholly from counted_returns
                         where returned_at < @returnsUntil and seq <= @through and (@customer::uuid is null or customer_id = @customer)
                             group by 1, 2) r
                using (customer_id, purchase_id)
              where p.seq <= @through and coalesce(p.retracted > @through, true) and (@customer::uuid is null or p.customer_id = @customer)
                  and (@after::uuid is null or p.customer_id > @after)
                  and not exists (select from customer_scores f where f.customer_id = p.customer_id and f.forgotten)
              group by 1 having not @scoredOnly or count(*) filter (where p.purchased_at < @until and not coalesce(r.wholly, false)) > 0
              order by 1 limit @limit) p
        left join customer_scores s using (customer_id)
        order by p.customer_id
        """;

    /// <param name="returnsUntil">Returns before this instant count; later than <paramref name="until"/> in the corrected view.</param>
    /// <param name="through">Only what the log held up to this event; the highest number for everything.</param>
    public static async Task<List<Member>> Read(
        NpgsqlConnection connection,
        DateTimeOffset until,
        DateTimeOffset returnsUntil,
        long through,
        CancellationToken ct,
        Guid? customer = null,
        Guid? after = null,
        int? limit = null
    ) =>
        (
            await connection.QueryAsync<Member>(
                new CommandDefinition(
                    Sql,
                    new
                    {
                        until,
                        returnsUntil,
                        through,
                        customer,
                        after,
                        limit,
                        scoredOnly = limit is not null,
                    },
                    commandTimeout: 600,
                    cancellationToken: ct
                )
            )
        ).AsList();

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
                       greatest((select coalesce(max(greatest(seq, retracted)), 0) from counted_purchases),
                           (select coalesce(max(seq), 0) from counted_returns)) as Through
                """,
                new { until, returnsUntil },
                commandTimeout: 600,
                cancellationToken: ct
            )
        );
}
