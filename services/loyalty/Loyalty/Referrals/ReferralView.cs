using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Referrals;

/// <summary>Who was brought by whom and what became of it, and the members' codes, written with the facts.</summary>
public sealed class ReferralView : IProjection
{
    public string Name => "referral";

    public string Ddl =>
        """
            create table if not exists referral (
                referee_id uuid primary key, referrer_id uuid not null, status text not null, made_at timestamptz not null,
                purchases int not null, purchase_id uuid, qualifies_at timestamptz,
                look_at timestamptz not null, reason text, referrer_points bigint, referee_points bigint,
                decided_at timestamptz, version bigint not null);
            create index if not exists referral_of_referrer on referral (referrer_id, referee_id);
            create index if not exists referral_waiting on referral (look_at) where status = 'Waiting';
            create table if not exists referral_code (code text primary key, customer_id uuid not null unique)
            """;

    public void Register(EventHandlers on) =>
        on.On<ReferralCodeIssued>(
                (f, _, sql) => sql.Add("insert into referral_code (code, customer_id) values ($1, $2)", f.Code, f.CustomerId)
            )
            .On<HolderForgotten>((_, e, sql) => sql.Add("delete from referral_code where customer_id = $1", e.StreamId))
            .On<ReferralMade>(
                (f, e, sql) =>
                    sql.Add(
                        """
                        insert into referral (referee_id, referrer_id, status, made_at, purchases, look_at, version)
                        values ($1, $2, 'Waiting', $3, $4, $5, $6)
                        """,
                        f.RefereeId,
                        f.ReferrerId,
                        f.OccurredAt,
                        f.Purchases,
                        f.LapsesAt,
                        e.Version
                    )
            )
            .On<ReferralReviewed>(
                (f, e, sql) =>
                    sql.Add(
                        """
                        update referral set purchases = $2, purchase_id = $3, qualifies_at = $4, look_at = $5, version = $6
                        where referee_id = $1
                        """,
                        f.RefereeId,
                        f.Purchases,
                        f.PurchaseId,
                        f.QualifiesAt,
                        f.LookAt,
                        e.Version
                    )
            )
            .On<ReferralQualified>(
                (f, e, sql) =>
                    sql.Add(
                        """
                        update referral set purchase_id = $2, qualifies_at = $3, version = $4 where referee_id = $1
                        """,
                        f.RefereeId,
                        f.PurchaseId,
                        f.OccurredAt,
                        e.Version
                    )
            )
            .On<ReferralRewarded>(
                (f, e, sql) =>
                    sql.Add(
                        """
                        update referral set status = 'Rewarded', referrer_points = $2, referee_points = $3, decided_at = $4, version = $5
                        where referee_id = $1
                        """,
                        f.RefereeId,
                        f.ReferrerPoints,
                        f.RefereePoints,
                        f.OccurredAt,
                        e.Version
                    )
            )
            .On<ReferralRewardWithheld>(
                (f, e, sql) =>
                    sql.Add(
                        """
                        update referral set status = 'Withheld', reason = $2, decided_at = $3, version = $4 where referee_id = $1
                        """,
                        f.RefereeId,
                        f.Reason,
                        f.OccurredAt,
                        e.Version
                    )
            )
            .On<ReferralEnded>(
                (f, e, sql) =>
                    sql.Add(
                        """
                        update referral set status = 'Ended', reason = $2, decided_at = $3, version = $4 where referee_id = $1
                        """,
                        f.RefereeId,
                        f.Reason,
                        f.OccurredAt,
                        e.Version
                    )
            );
}
