namespace CrmPlatform.Segmentation.Customers;

/// <summary>
/// The clock's work list: when silence alone would next change a customer's stage, and which sources tell of the past at present.
/// </summary>
public sealed class DueList(SegmentationOptions options) : IProjection
{
    static readonly TimeSpan past = TimeSpan.FromHours(1);

    public string Name => "lifecycle-due-2";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    // lifecycle_source: where a customer has bought; empty where that is not known. lifecycle_settling: when a source last told of a
    // purchase that was long past, the sign of an import; and since when it has done so without a pause.
    public string Ddl =>
        """
            create table if not exists lifecycle_due_2 (customer_id uuid primary key, due_at timestamptz);
            create index if not exists lifecycle_due_2_at on lifecycle_due_2 (due_at) where due_at is not null;
            create table if not exists lifecycle_source (
                customer_id uuid not null, source text not null, primary key (customer_id, source));
            create table if not exists lifecycle_settling (source text primary key, noted_at timestamptz not null);
            alter table lifecycle_settling add column if not exists began_at timestamptz not null default now();
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
                foreach (var source in page.Where(Backdated).GroupBy(SourceOf, e => e.RecordedAt))
                    Settle(source.Key, [.. source.Order()], sql);
            }
        );

    /// <param name="told">When the source told of the past, ascending.</param>
    void Settle(string source, DateTimeOffset[] told, SqlBatch sql)
    {
        var began = told.Length - 1;
        while (began > 0 && told[began] - told[began - 1] <= options.ImportSettles)
            began--;
        sql.Add(
            """
            insert into lifecycle_settling as s (source, noted_at, began_at) values ($1, $2, $3)
            on conflict (source) do update set noted_at = greatest(s.noted_at, excluded.noted_at),
                began_at = case when s.noted_at >= $4 then s.began_at else excluded.began_at end
            """,
            source,
            told[^1],
            told[began],
            told[began] - options.ImportSettles
        );
    }

    static string SourceOf(RecordedEvent e) => ((PurchaseCounted)e.Data).Source ?? "";

    static bool Backdated(RecordedEvent e) => e.Data is PurchaseCounted p && p.PurchasedAt < e.RecordedAt - past;
}
