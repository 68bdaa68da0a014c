namespace CrmPlatform.Loyalty.Households;

public enum HouseholdState { Invited, Member }

/// <summary>Households and who is in them, written with the facts.</summary>
public sealed class HouseholdView : IProjection
{
    public string Name => "household";

    public string Ddl => """
        create table if not exists household (household_id uuid primary key, head_id uuid not null, founded_at timestamptz not null, dissolved_at timestamptz, version bigint not null);
        create table if not exists household_member (household_id uuid not null, customer_id uuid not null, state text not null, since timestamptz not null, primary key (household_id, customer_id));
        create index if not exists household_member_of on household_member (customer_id);
        create table if not exists household_forgotten (customer_id uuid primary key)
        """;

    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type>
    {
        typeof(HouseholdFounded), typeof(HouseholdMemberInvited), typeof(HouseholdMemberEntered), typeof(HouseholdInvitationDropped), typeof(HouseholdMemberLeft), typeof(HouseholdHeadChanged), typeof(HouseholdDissolved), typeof(HolderForgotten),
    };

    public void Project(RecordedEvent e, SqlBatch batch)
    {
        var id = e.StreamId;
        switch (e.Data)
        {
            case HouseholdFounded f:
                batch.Add("insert into household values ($1, $2, $3, null, $4)", id, f.HeadId, f.OccurredAt, e.Version);
                Member(f.HeadId, HouseholdState.Member, f.OccurredAt);
                return;
            case HolderForgotten: batch.Add("insert into household_forgotten values ($1) on conflict do nothing", id); return;
            case HouseholdMemberInvited f: Member(f.CustomerId, HouseholdState.Invited, f.OccurredAt); break;
            case HouseholdMemberEntered f: Member(f.CustomerId, HouseholdState.Member, f.OccurredAt); break;
            case HouseholdInvitationDropped f: Gone(f.CustomerId); break;
            case HouseholdMemberLeft f: Gone(f.CustomerId); break;
            case HouseholdHeadChanged f: batch.Add("update household set head_id = $2 where household_id = $1", id, f.To); break;
            case HouseholdDissolved f:
                batch.Add("update household set dissolved_at = $2 where household_id = $1", id, f.OccurredAt);
                batch.Add("delete from household_member where household_id = $1", id);
                break;
        }
        batch.Add("update household set version = $2 where household_id = $1", id, e.Version);

        void Member(Guid customer, HouseholdState state, DateTimeOffset at) => batch.Add("""
            insert into household_member values ($1, $2, $3, $4) on conflict (household_id, customer_id) do update set state = excluded.state, since = excluded.since
            """, id, customer, state, at);

        void Gone(Guid customer) => batch.Add("delete from household_member where household_id = $1 and customer_id = $2", id, customer);
    }
}
