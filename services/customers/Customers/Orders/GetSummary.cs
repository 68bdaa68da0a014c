namespace CrmPlatform.Customers.Orders;

/// <summary>Totals over everything, guests included: purchases count when made, revenue is net of returns, per currency.</summary>
public sealed class Summary : IProjection
{
    public string Name => "sales-totals";

    public string Ddl =>
        """
            create table if not exists sales_totals (
                currency text primary key, purchases bigint not null, guest_purchases bigint not null,
                net numeric not null, returned numeric not null)
            """;

    public TimeSpan Rest => TimeSpan.FromMilliseconds(100);

    /// <summary>Adds a page up in memory first: one statement per currency and page.</summary>
    public void Register(EventHandlers on) =>
        on.OnPage<IOrderEvent>(
            (page, sql) =>
            {
                foreach (var g in page.Select(Sale).GroupBy(s => s.Currency))
                    sql.Add(
                        """
                        insert into sales_totals as t (currency, purchases, guest_purchases, net, returned) values ($1, $2, $3, $4, $5)
                        on conflict (currency) do update set purchases = t.purchases + excluded.purchases,
                            guest_purchases = t.guest_purchases + excluded.guest_purchases,
                            net = t.net + excluded.net, returned = t.returned + excluded.returned
                        """,
                        g.Key,
                        g.Sum(s => s.Purchases),
                        g.Sum(s => s.Guests),
                        g.Sum(s => s.Net),
                        g.Sum(s => s.Returned)
                    );
            }
        );

    static (string Currency, long Purchases, long Guests, decimal Net, decimal Returned) Sale(RecordedEvent e) =>
        e.Data switch
        {
            PurchaseMade p => (p.Currency, 1, p.CustomerId is null ? 1 : 0, p.Net, 0),
            GoodsReturned r => (r.Currency, 0, 0, 0, r.Net),
            PurchaseRetracted p => (p.Currency, -1, p.CustomerId is null ? -1 : 0, -p.Net, -p.Returned),
            _ => throw new InvalidOperationException($"{e.Data.GetType().Name} is not a sale"),
        };

    /// <summary>An amount in one currency.</summary>
    /// <param name="Currency">ISO 4217.</param>
    /// <param name="Amount">Net of returns.</param>
    public sealed record Revenue(string Currency, decimal Amount);

    /// <summary>Everything in a few numbers.</summary>
    /// <param name="Customers">Customers who were ever registered, forgotten ones included, retracted ones not.</param>
    /// <param name="Purchases">Purchases that were made, those of guests and those that came back included.</param>
    /// <param name="GuestPurchases">How many of them were made by guests.</param>
    /// <param name="NetRevenue">What was paid less what was given back, for each currency in which somebody bought.</param>
    public sealed record Totals(long Customers, long Purchases, long GuestPurchases, IReadOnlyList<Revenue> NetRevenue);

    public static void Map(CrmService room) =>
        room.MapGet(
                "summary",
                "Customers, purchases and net revenue in total",
                "customers.read",
                async (NpgsqlDataSource db, CancellationToken ct) =>
                {
                    await using var connection = await db.OpenConnectionAsync(ct);
                    var customers = await connection.ExecuteScalarAsync<long>(
                        new CommandDefinition("select count(*) from directory where not retracted", cancellationToken: ct)
                    );
                    var rows = (
                        await connection.QueryAsync<(string Currency, long Purchases, long Guests, decimal Net)>(
                            new CommandDefinition(
                                "select currency, purchases, guest_purchases, net - returned from sales_totals order by currency",
                                cancellationToken: ct
                            )
                        )
                    ).AsList();
                    return new Totals(
                        customers,
                        rows.Sum(r => r.Purchases),
                        rows.Sum(r => r.Guests),
                        [.. rows.Select(r => new Revenue(r.Currency, r.Net))]
                    );
                }
            )
            .WithName("GetSummary");
}
