namespace CrmPlatform.Loyalty.Accounts;

/// <summary>The statement of an account, newest entry first. The sum of its points up to a date is the balance on that date.</summary>
public sealed partial class StatementView : IProjection
{
    public string Name => "statement";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public string Ddl =>
        """
            create table if not exists statement_entry (
                customer_id uuid not null, version bigint not null, kind text not null, points bigint not null, balance bigint,
                reference uuid, note text, occurred_at timestamptz not null, primary key (customer_id, version))
            """;

    public void Register(EventHandlers on) => on.OnPage<IAccountEvent>(Add);

    static void Add(IReadOnlyList<RecordedEvent> page, SqlBatch sql)
    {
        var rows = page.Select(Of).OfType<StatementEntry>().ToArray();
        if (rows.Length > 0)
            sql.Add(
                """
                insert into statement_entry (customer_id, version, kind, points, balance, reference, note, occurred_at)
                select * from
                    unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::uuid[], $7::text[], $8::timestamptz[])
                """,
                All(r => r.CustomerId),
                All(r => r.Version),
                All(r => r.Kind.ToString()),
                All(r => r.Points),
                All(r => r.Balance),
                All(r => r.Reference),
                All(r => r.Note),
                All(r => r.OccurredAt)
            );

        T[] All<T>(Func<StatementEntry, T> column) => [.. rows.Select(column)];
    }
}
