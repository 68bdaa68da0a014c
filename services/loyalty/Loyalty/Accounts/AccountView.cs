namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Accounts, lots and redemptions as they are now, written with the facts themselves: who redeems sees it at once.</summary>
public sealed class AccountView : IProjection
{
    public string Name => "account";

    public string Ddl => """
        create table if not exists account (
            customer_id uuid primary key, tier text not null, opened_at timestamptz not null, qualifying bigint not null default 0,
            earned bigint not null default 0, redeemed bigint not null default 0, expired bigint not null default 0, reversed bigint not null default 0,
            debt bigint not null default 0, forgotten boolean not null default false, version bigint not null);
        create index if not exists account_by_tier on account (tier, customer_id);
        create table if not exists lot (
            lot_id uuid primary key, customer_id uuid not null, purchase_id uuid not null, earned bigint not null, remaining bigint not null,
            rule_version int not null, earned_at timestamptz not null, expires_at timestamptz not null);
        create index if not exists lot_of_customer on lot (customer_id) where remaining > 0;
        create index if not exists lot_due on lot (expires_at) where remaining > 0;
        create table if not exists redemption (
            redemption_id uuid primary key, customer_id uuid not null, points bigint not null, purpose text not null,
            redeemed_at timestamptz not null, cancelled_at timestamptz);
        create index if not exists redemption_of_customer on redemption (customer_id);
        """;

    public void Project(RecordedEvent e, SqlBatch batch)
    {
        var (customer, version) = (e.StreamId, e.Version);
        switch (e.Data)
        {
            case AccountOpened fact:
                batch.Add("insert into account (customer_id, tier, opened_at, version) values ($1, $2, $3, $4)", customer, fact.Tier, fact.OccurredAt, version);
                break;
            case PointsEarned fact:
                // One statement for the fact that comes by the ten thousand.
                batch.Add("""
                    with earned as (update account set earned = earned + $4, qualifying = qualifying + $4, debt = debt - ($4 - $5), version = $9 where customer_id = $2)
                    insert into lot values ($1, $2, $3, $4, $5, $6, $7, $8)
                    """, fact.LotId, customer, fact.PurchaseId, fact.Points, fact.Points - fact.Repaid, fact.RuleVersion, fact.OccurredAt, fact.ExpiresAt, version);
                break;
            case PointsRedeemed fact:
                batch.Add("update account set redeemed = redeemed + $2, version = $3 where customer_id = $1", customer, fact.Points, version);
                batch.Add("insert into redemption values ($1, $2, $3, $4, $5)", fact.RedemptionId, customer, fact.Points, fact.Purpose, fact.OccurredAt);
                Move(fact.From, -1);
                break;
            case RedemptionCancelled fact:
                batch.Add("update account set redeemed = redeemed - $2, debt = debt - $3, version = $4 where customer_id = $1", customer, fact.Points, fact.Repaid, version);
                batch.Add("update redemption set cancelled_at = $2 where redemption_id = $1", fact.RedemptionId, fact.OccurredAt);
                Move(fact.To, +1);
                break;
            case PointsExpired fact:
                batch.Add("update account set expired = expired + $2, version = $3 where customer_id = $1", customer, fact.Points, version);
                Move([new(fact.LotId, fact.Points)], -1);
                break;
            case PointsReversed fact:
                batch.Add("update account set reversed = reversed + $2, qualifying = qualifying - $3, debt = debt + $4, version = $5 where customer_id = $1", customer, fact.Points, fact.Qualifying, fact.Owed, version);
                Move(fact.From, -1);
                break;
            case TierChanged fact:
                batch.Add("update account set tier = $2, version = $3 where customer_id = $1", customer, fact.To, version);
                break;
            case HolderForgotten:
                batch.Add("update account set forgotten = true, version = $2 where customer_id = $1", customer, version);
                break;
        }

        void Move(IReadOnlyList<Allocation> allocations, int sign)
        {
            foreach (var a in allocations) batch.Add("update lot set remaining = remaining + $2 where lot_id = $1", a.LotId, sign * a.Points);
        }
    }
}
