namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>View of every customer's standing, read when a ticket is opened and for the order of the queue.</summary>
public sealed class Standings : IProjection
{
    public string Name => "customer-standings";

    public string Ddl =>
        """
            create table if not exists customer_standings (
                customer_id uuid primary key, tier text, grade text, forgotten bool not null default false);
            alter table customer_standings add column if not exists segments text[] not null default '{}';
            """;

    public void Register(EventHandlers on) =>
        on.On<CustomerNoted>(
                (_, e, sql) =>
                    sql.Add("insert into customer_standings (customer_id) values ($1) on conflict (customer_id) do nothing", e.StreamId)
            )
            .On<TierNoted>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_standings (customer_id, tier) values ($1, $2)
                        on conflict (customer_id) do update set tier = excluded.tier
                        """,
                        e.StreamId,
                        t.Tier
                    )
            )
            .On<GradeNoted>(
                (g, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_standings (customer_id, grade) values ($1, $2)
                        on conflict (customer_id) do update set grade = excluded.grade
                        """,
                        e.StreamId,
                        g.Grade
                    )
            )
            .On<SegmentNoted>(
                (s, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_standings (customer_id, segments)
                        values ($1, case when $3 then array[$2::text] else '{}' end)
                        on conflict (customer_id) do update set
                            segments = array_remove(customer_standings.segments, $2) || case when $3 then array[$2::text] else '{}' end
                        """,
                        e.StreamId,
                        s.Segment,
                        s.Member
                    )
            )
            .On<PersonalDataErased>(
                (_, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_standings (customer_id, forgotten) values ($1, true)
                        on conflict (customer_id) do update set forgotten = true
                        """,
                        e.StreamId
                    )
            );
}
