using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Tiers;

/// <summary>Where each account stands in the tiers, and when time alone will change that.</summary>
public sealed class TiersView : IProjection
{
    public string Name => "tiers";

    public string Ddl =>
        """
            create table if not exists tier_standing (
                customer_id uuid primary key, tier text not null, since timestamptz not null,
                expires_at timestamptz, grace_until timestamptz,
                assigned_by text, assigned_reason text, scheme_as_of timestamptz not null, due_at timestamptz);
            create index if not exists tier_standing_due on tier_standing (due_at) where due_at is not null;
            create index if not exists tier_standing_by_scheme on tier_standing (scheme_as_of);
            create index if not exists tier_standing_by_tier on tier_standing (tier, customer_id);
            """;

    public void Register(EventHandlers on) =>
        on.On<AccountOpened>(
                (fact, e, sql) =>
                    sql.Add(
                        """
                        insert into tier_standing (customer_id, tier, since, scheme_as_of) values ($1, $2, $3, $3)
                        """,
                        e.StreamId,
                        fact.Tier,
                        fact.OccurredAt
                    )
            )
            .On<TierChanged>((fact, e, sql) => Stand(e.StreamId, fact.To, fact.OccurredAt, fact.ExpiresAt, sql))
            .On<TierKept>((fact, e, sql) => Stand(e.StreamId, fact.Tier, fact.OccurredAt, fact.ExpiresAt, sql))
            .On<TierAssigned>(
                (fact, e, sql) =>
                {
                    Stand(e.StreamId, fact.To, fact.OccurredAt, fact.Until, sql);
                    sql.Add(
                        """
                        update tier_standing set assigned_by = $2, assigned_reason = $3 where customer_id = $1
                        """,
                        e.StreamId,
                        fact.By,
                        fact.Reason
                    );
                }
            )
            .On<TierReleased>(
                (_, e, sql) =>
                    sql.Add(
                        """
                        update tier_standing set assigned_by = null, assigned_reason = null, expires_at = null, due_at = null
                        where customer_id = $1
                        """,
                        e.StreamId
                    )
            )
            .On<TierGraceBegun>(
                (fact, e, sql) =>
                    sql.Add("update tier_standing set grace_until = $2, due_at = $2 where customer_id = $1", e.StreamId, fact.Until)
            )
            .On<TierRescheduled>(
                (fact, e, sql) =>
                    sql.Add(
                        """
                        update tier_standing set expires_at = $2, due_at = $2, grace_until = null where customer_id = $1
                        """,
                        e.StreamId,
                        fact.ExpiresAt
                    )
            )
            .On<SchemeApplied>(
                (fact, e, sql) => sql.Add("update tier_standing set scheme_as_of = $2 where customer_id = $1", e.StreamId, fact.OccurredAt)
            );

    static void Stand(Guid customer, string tier, DateTimeOffset since, DateTimeOffset? until, SqlBatch sql) =>
        sql.Add(
            """
            update tier_standing set tier = $2, since = $3, expires_at = $4, due_at = $4, grace_until = null where customer_id = $1
            """,
            customer,
            tier,
            since,
            until
        );
}
