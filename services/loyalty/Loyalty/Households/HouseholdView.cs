using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Households;

public enum HouseholdState
{
    Invited,
    Member,
}

/// <summary>Households and who is in them, written with the facts.</summary>
public sealed class HouseholdView : IProjection
{
    public string Name => "household";

    public string Ddl =>
        """
            create table if not exists household (
                household_id uuid primary key, head_id uuid not null, founded_at timestamptz not null, dissolved_at timestamptz,
                version bigint not null);
            create table if not exists household_member (
                household_id uuid not null, customer_id uuid not null, state text not null, since timestamptz not null,
                primary key (household_id, customer_id));
            create index if not exists household_member_of on household_member (customer_id);
            create table if not exists household_forgotten (customer_id uuid primary key)
            """;

    public void Register(EventHandlers on)
    {
        on.On<HolderForgotten>(
            (_, e, sql) => sql.Add("insert into household_forgotten (customer_id) values ($1) on conflict do nothing", e.StreamId)
        );
        on.On<HouseholdFounded>(
            (f, e, sql) =>
            {
                sql.Add(
                    """
                    insert into household (household_id, head_id, founded_at, version) values ($1, $2, $3, $4)
                    """,
                    e.StreamId,
                    f.HeadId,
                    f.OccurredAt,
                    e.Version
                );
                Member(e.StreamId, f.HeadId, HouseholdState.Member, f.OccurredAt, sql);
            }
        );
        Change<HouseholdMemberInvited>((f, id, sql) => Member(id, f.CustomerId, HouseholdState.Invited, f.OccurredAt, sql));
        Change<HouseholdMemberEntered>((f, id, sql) => Member(id, f.CustomerId, HouseholdState.Member, f.OccurredAt, sql));
        Change<HouseholdInvitationDropped>((f, id, sql) => Gone(id, f.CustomerId, sql));
        Change<HouseholdMemberLeft>((f, id, sql) => Gone(id, f.CustomerId, sql));
        Change<HouseholdHeadChanged>((f, id, sql) => sql.Add("update household set head_id = $2 where household_id = $1", id, f.To));
        Change<HouseholdDissolved>(
            (f, id, sql) =>
            {
                sql.Add("update household set dissolved_at = $2 where household_id = $1", id, f.OccurredAt);
                sql.Add("delete from household_member where household_id = $1", id);
            }
        );

        void Change<T>(Action<T, Guid, SqlBatch> add)
            where T : class =>
            on.On<T>(
                (change, e, sql) =>
                {
                    add(change, e.StreamId, sql);
                    sql.Add("update household set version = $2 where household_id = $1", e.StreamId, e.Version);
                }
            );
    }

    static void Member(Guid household, Guid customer, HouseholdState state, DateTimeOffset since, SqlBatch sql) =>
        sql.Add(
            """
            insert into household_member (household_id, customer_id, state, since) values ($1, $2, $3, $4)
            on conflict (household_id, customer_id) do update set state = excluded.state, since = excluded.since
            """,
            household,
            customer,
            state,
            since
        );

    static void Gone(Guid household, Guid customer, SqlBatch sql) =>
        sql.Add("delete from household_member where household_id = $1 and customer_id = $2", household, customer);
}
