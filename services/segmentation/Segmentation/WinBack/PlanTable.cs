using CrmPlatform.Segmentation.Churn;

namespace CrmPlatform.Segmentation.WinBack;

/// <summary>The plans, and who is in the audience of each; nobody who was forgotten.</summary>
public sealed class PlanTable : IProjection
{
    public string Name => "win-back-plans";

    public string Ddl =>
        """
            create table if not exists win_back_plans (
                plan_id uuid primary key, name text not null, segment text not null, offer text not null, window_days int not null,
                holdout numeric not null, offer_cost numeric, status text not null, planned_at timestamptz not null,
                launched_at timestamptz, segment_version int, stopped_at timestamptz);
            create index if not exists win_back_plans_newest on win_back_plans (planned_at, plan_id);
            create table if not exists win_back_customers (
                plan_id uuid not null, customer_id uuid not null, held bool not null, offered_at timestamptz,
                primary key (plan_id, customer_id));
            create index if not exists win_back_customers_customer on win_back_customers (customer_id);
            create index if not exists win_back_customers_due on win_back_customers (plan_id) where not held and offered_at is null;
            """;

    public void Register(EventHandlers on) =>
        on.On<WinBackPlanned>(
                (p, e, sql) =>
                    sql.Add(
                        """
                        insert into win_back_plans (plan_id, name, segment, offer, window_days, holdout, offer_cost, status, planned_at)
                        values ($1, $2, $3, $4, $5, $6, $7::numeric, 'Planned', $8)
                        """,
                        e.StreamId,
                        p.Name,
                        p.Segment,
                        p.Offer,
                        p.WindowDays,
                        p.Holdout,
                        p.OfferCost,
                        p.OccurredAt
                    )
            )
            .On<WinBackLaunched>(
                (l, e, sql) =>
                    sql.Add(
                        "update win_back_plans set status = 'Launched', launched_at = $2, segment_version = $3 where plan_id = $1",
                        e.StreamId,
                        l.OccurredAt,
                        l.SegmentVersion
                    )
            )
            .On<AudienceListed>(
                (a, e, sql) =>
                    sql.Add(
                        """
                        insert into win_back_customers (plan_id, customer_id, held)
                        select $1, unnest($2::uuid[]), false union all select $1, unnest($3::uuid[]), true on conflict do nothing
                        """,
                        e.StreamId,
                        a.Treated.ToArray(),
                        a.Held.ToArray()
                    )
            )
            .On<WinBackStopped>(
                (s, e, sql) =>
                    sql.Add("update win_back_plans set status = 'Stopped', stopped_at = $2 where plan_id = $1", e.StreamId, s.OccurredAt)
            )
            .On<WinBackOffered>(
                (o, _, sql) =>
                    sql.Add(
                        "update win_back_customers set offered_at = $3 where plan_id = $1 and customer_id = $2",
                        o.PlanId,
                        o.CustomerId,
                        o.OccurredAt
                    )
            )
            .On<ChurnErased>((f, _, sql) => sql.Add("delete from win_back_customers where customer_id = $1", f.CustomerId));
}
