namespace CrmPlatform.Segmentation.Customers;

/// <summary>The clock's work list: when silence alone would next change a customer's stage.</summary>
public sealed class DueList : IProjection
{
    static readonly TimeSpan past = TimeSpan.FromHours(1);

    public string Name => "lifecycle-due";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    // backdated: a purchase that was long past when it was counted, the sign of an import.
    public string Ddl =>
        """
            create table if not exists lifecycle_due (
                customer_id uuid primary key, due_at timestamptz, noted_at timestamptz not null, backdated bool not null);
            create index if not exists lifecycle_due_at on lifecycle_due (due_at) where due_at is not null;
            create index if not exists lifecycle_due_import on lifecycle_due (noted_at) where backdated;
            """;

    public void Register(EventHandlers on) =>
        on.OnPage<IMovesDueDate>(
            (page, sql) =>
            {
                var last = page.GroupBy(e => e.StreamId).ToList();
                sql.Add(
                    """
                    insert into lifecycle_due (customer_id, due_at, noted_at, backdated)
                    select * from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::bool[])
                    on conflict (customer_id) do update set (due_at, noted_at, backdated) = (excluded.due_at, excluded.noted_at,
                        excluded.backdated)
                    """,
                    last.Select(c => c.Key).ToArray(),
                    last.Select(c => ((IMovesDueDate)c.Last().Data).DueAt).ToArray(),
                    last.Select(c => c.Last().RecordedAt).ToArray(),
                    last.Select(c => c.Any(Backdated)).ToArray()
                );
            }
        );

    static bool Backdated(RecordedEvent e) => e.Data is PurchaseCounted p && p.PurchasedAt < e.RecordedAt - past;
}
