namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// The clock's work list: when silence alone would next change a customer's stage, and which sources tell of the past at present.
/// </summary>
public sealed class DueList : IProjection
{
    static readonly TimeSpan past = TimeSpan.FromHours(1);

    public string Name => "lifecycle-due-2";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    // lifecycle_source: where a customer has bought; empty where that is not known. lifecycle_settling: when a source last told of a
    // purchase that was long past, the sign of an import.
    public string Ddl =>
        """
            create table if not exists lifecycle_due_2 (customer_id uuid primary key, due_at timestamptz);
            create index if not exists lifecycle_due_2_at on lifecycle_due_2 (due_at) where due_at is not null;
            create table if not exists lifecycle_source (
                customer_id uuid not null, source text not null, primary key (customer_id, source));
            create table if not exists lifecycle_settling (source text primary key, noted_at timestamptz not null);
            """;

    public void Register(EventHandlers on) =>
        on.OnPage<IMovesDueDate>(
            (page, sql) =>
            {
                var last = page.GroupBy(e => e.StreamId).Select(c => c.Last()).ToList();
                sql.Add(
                    """
                    insert into lifecycle_due_2 (customer_id, due_at) select * from unnest($1::uuid[], $2::timestamptz[])
                    on conflict (customer_id) do update set due_at = excluded.due_at
                    """,
                    last.Select(e => e.StreamId).ToArray(),
                    last.Select(e => ((IMovesDueDate)e.Data).DueAt).ToArray()
                );
                var bought = page.Where(e => e.Data is PurchaseCounted).Select(e => (e.StreamId, Source: SourceOf(e))).Distinct().ToList();
                sql.Add(
                    """
                    insert into lifecycle_source (customer_id, source) select * from unnest($1::uuid[], $2::text[]) on conflict do nothing
                    """,
                    bought.Select(b => b.StreamId).ToArray(),
                    bought.Select(b => b.Source).ToArray()
                );
                var settling = page.Where(Backdated).GroupBy(SourceOf).ToList();
                sql.Add(
                    """
                    insert into lifecycle_settling (source, noted_at) select * from unnest($1::text[], $2::timestamptz[])
                    on conflict (source) do update set noted_at = greatest(lifecycle_settling.noted_at, excluded.noted_at)
                    """,
                    settling.Select(s => s.Key).ToArray(),
                    settling.Select(s => s.Max(e => e.RecordedAt)).ToArray()
                );
            }
        );

    static string SourceOf(RecordedEvent e) => ((PurchaseCounted)e.Data).Source ?? "";

    static bool Backdated(RecordedEvent e) => e.Data is PurchaseCounted p && p.PurchasedAt < e.RecordedAt - past;
}
