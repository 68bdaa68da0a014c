using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Retracting;

/// <summary>
/// How much each import and each source has told, and between which places of the log: what they told is found there.
/// </summary>
public sealed class Tellers : IProjection
{
    public string Name => "tellers";

    public string Ddl =>
        """
            create table if not exists tellers (
                teller text not null, name text not null, sources text[] not null default '{}',
                customers bigint not null default 0, purchases bigint not null default 0, returns bigint not null default 0,
                external_ids bigint not null default 0, first_seq bigint, last_seq bigint, first_at timestamptz, last_at timestamptz,
                described_as text, trust int, ordered_at timestamptz, finished_at timestamptz, through bigint,
                primary key (teller, name));
            create index if not exists tellers_last on tellers (teller, last_at, name)
            """;

    public TimeSpan Rest => TimeSpan.FromMilliseconds(100);

    public void Register(EventHandlers on) =>
        on.OnPage<IRetractable, ISourcesEvent>(
            (page, sql) =>
            {
                Tell(page.Where(e => e.Data is IRetractable && e.Metadata.Import is not null), e => e.Metadata.Import!, Teller.Import, sql);
                Tell(page.Where(e => e.Data is IRetractable && e.Metadata.Source is not null), e => e.Metadata.Source!, Teller.Source, sql);
                foreach (var e in page)
                    Note(e.Data, sql);
            }
        );

    /// <summary>One statement for a page: it adds up what each has told in it.</summary>
    static void Tell(IEnumerable<RecordedEvent> told, Func<RecordedEvent, string> name, Teller teller, SqlBatch sql)
    {
        foreach (var t in told.GroupBy(name, StringComparer.Ordinal))
            sql.Add(
                """
                insert into tellers as t (teller, name, sources, customers, purchases, returns, external_ids,
                    first_seq, last_seq, first_at, last_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                on conflict (teller, name) do update set
                    sources = (select coalesce(array_agg(distinct s order by s), '{}') from unnest(t.sources || excluded.sources) s),
                    customers = t.customers + excluded.customers, purchases = t.purchases + excluded.purchases,
                    returns = t.returns + excluded.returns, external_ids = t.external_ids + excluded.external_ids,
                    first_seq = coalesce(t.first_seq, excluded.first_seq), last_seq = excluded.last_seq,
                    first_at = coalesce(t.first_at, excluded.first_at), last_at = excluded.last_at
                """,
                teller,
                t.Key,
                t.Select(e => teller == Teller.Import ? e.Metadata.Source : null).OfType<string>().Distinct().ToArray(),
                t.LongCount(e => e.Data is CustomerRegistered),
                t.LongCount(e => e.Data is PurchaseMade { Before: null }),
                t.LongCount(e => e.Data is GoodsReturned),
                t.LongCount(e => e.Data is ExternalIdLinked),
                t.First().Sequence,
                t.Last().Sequence,
                t.First().RecordedAt,
                t.Last().RecordedAt
            );
    }

    static void Note(object fact, SqlBatch sql)
    {
        switch (fact)
        {
            case SourceDescribed s:
                Set(Teller.Source, s.Code, "(described_as, trust) = ($3, $4)", s.Name, s.Trust);
                break;
            case RetractionOrdered r:
                Set(r.Teller, r.Name, "(ordered_at, finished_at, through) = ($3, null, $4)", r.OccurredAt, r.Through);
                break;
            case RetractionFinished r:
                Set(r.Teller, r.Name, "finished_at = $3", r.OccurredAt);
                break;
        }

        void Set(Teller teller, string name, string change, params object[] values)
        {
            sql.Add("insert into tellers (teller, name) values ($1, $2) on conflict do nothing", teller, name);
            sql.Add($"update tellers set {change} where teller = $1 and name = $2", [teller, name, .. values]);
        }
    }
}
