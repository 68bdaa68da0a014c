using CrmPlatform.Customers.Orders;

namespace CrmPlatform.Customers.Companies;

/// <summary>
/// What customers bought and returned, each at its own time, in the base currency. It follows the log within a moment.
/// </summary>
public sealed class CustomerSales : IProjection
{
    public string Name => "customer-sales";

    public string Ddl =>
        """
            create table if not exists customer_sales (
                customer_id uuid not null, purchase_id uuid not null, occurred_at timestamptz not null, currency text not null,
                base_net numeric not null);
            create index if not exists customer_sales_purchase on customer_sales (purchase_id);
            create index if not exists customer_sales_customer on customer_sales (customer_id, occurred_at) include (currency, base_net)
            """;

    public TimeSpan Rest => TimeSpan.FromMilliseconds(100);

    public void Register(EventHandlers on) =>
        on.OnPage<IOrderEvent>(
            (page, sql) =>
            {
                var sales = page.Where(e => e.Data is not PurchaseRetracted).Select(Sale).Where(s => s.Customer is not null).ToList();
                if (sales.Count > 0)
                    sql.Add(
                        """
                        insert into customer_sales (customer_id, purchase_id, occurred_at, currency, base_net)
                        select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::numeric[])
                        """,
                        sales.Select(s => s.Customer!.Value).ToArray(),
                        sales.Select(s => s.Purchase).ToArray(),
                        sales.Select(s => s.At).ToArray(),
                        sales.Select(s => s.Currency).ToArray(),
                        sales.Select(s => s.Net).ToArray()
                    );
                // A retracted id does not come back: whatever a page tells of it, the retraction is the last.
                if (page.Where(e => e.Data is PurchaseRetracted).Select(e => e.StreamId).ToArray() is { Length: > 0 } retracted)
                    sql.Add("delete from customer_sales where purchase_id = any($1)", retracted);
            }
        );

    static (Guid? Customer, Guid Purchase, DateTimeOffset At, string Currency, decimal Net) Sale(RecordedEvent e) =>
        e.Data switch
        {
            PurchaseMade p => (p.CustomerId, e.StreamId, p.OccurredAt, p.BaseCurrency, p.BaseNet),
            GoodsReturned r => (r.CustomerId, e.StreamId, r.OccurredAt, r.BaseCurrency, -r.BaseNet),
            _ => throw new InvalidOperationException($"{e.Data.GetType().Name} is not a sale"),
        };

    /// <summary>What each of these customers bought up to an instant, less what came back by then.</summary>
    public static async Task<Dictionary<Guid, decimal>> Of(
        NpgsqlDataSource db,
        Guid[] customers,
        DateTimeOffset at,
        string currency,
        CancellationToken ct
    ) =>
        (
            await db.Query<(Guid Customer, decimal Net)>(
                """
                select customer_id, sum(base_net) from customer_sales
                where customer_id = any(@customers) and occurred_at <= @at and currency = @currency group by customer_id
                """,
                new
                {
                    customers,
                    at,
                    currency,
                },
                ct
            )
        ).ToDictionary(r => r.Customer, r => r.Net);
}
