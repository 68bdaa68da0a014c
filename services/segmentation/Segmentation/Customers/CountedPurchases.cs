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
