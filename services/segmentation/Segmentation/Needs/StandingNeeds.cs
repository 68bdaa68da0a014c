using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>The needs that stand, as others are told them; of customers who are one, under the survivor's id.</summary>
public sealed class StandingNeeds : IProjection
{
    public string Name => "standing-needs";

    public string Ddl =>
        """
            create table if not exists customer_needs (customer_id uuid not null, code text not null, origin text not null, band text,
                since timestamptz not null, source_event uuid not null, primary key (customer_id, code));
            create index if not exists customer_needs_code on customer_needs (code, customer_id);
            """;

    public void Register(EventHandlers on) =>
        on.On<NeedsChanged>(
                (c, e, sql) =>
                    sql.Add(
                            "delete from customer_needs where customer_id = $1 and code <> all($2)",
                            c.CustomerId,
                            c.Needs.Select(n => n.Code).ToArray()
                        )
                        .Add(
                            """
                            insert into customer_needs as n (customer_id, code, origin, band, since, source_event)
                            select $1, code, origin, band, $5, $6 from unnest($2::text[], $3::text[], $4::text[]) t(code, origin, band)
                            on conflict (customer_id, code) do update set (origin, band, since, source_event) =
                                (excluded.origin, excluded.band, excluded.since, excluded.source_event)
                            where (n.origin, n.band) is distinct from (excluded.origin, excluded.band)
                            """,
                            c.CustomerId,
                            c.Needs.Select(n => n.Code).ToArray(),
                            c.Needs.Select(n => n.Origin).ToArray(),
                            c.Needs.Select(n => n.Band?.ToString()).ToArray(),
                            c.OccurredAt,
                            e.Id
                        )
            )
            .On<PersonalDataErased>((_, e, sql) => sql.Add("delete from customer_needs where customer_id = $1", e.StreamId));
}
