using System.Text.Json;
using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>Every episode with its causes, and in which band each customer is; nothing of who was forgotten.</summary>
public sealed class ChurnTables : IProjection
{
    public string Name => "churn";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(20);

    public string Ddl =>
        """
            create table if not exists churn_episodes (
                episode_id uuid primary key, customer_id uuid not null, state text not null, basis text not null,
                since timestamptz not null, warned_at timestamptz, declared_at timestamptz not null, ended_at timestamptz, reason text,
                purchase_id uuid, plan_id uuid,
                found text, shares jsonb not null default '[]', evidence jsonb not null default '[]',
                stated text, competitor text, stated_by text, stated_at timestamptz, event_id uuid not null);
            create index if not exists churn_episodes_newest on churn_episodes (declared_at, episode_id);
            create index if not exists churn_episodes_customer on churn_episodes (customer_id);
            create table if not exists churn_risks (
                customer_id uuid primary key, band text not null, since timestamptz not null, model_id uuid not null,
                event_id uuid not null);
            create index if not exists churn_risks_band on churn_risks (since, customer_id) where band <> 'Ok';
            create table if not exists churn_spread (one bool primary key check (one), model_id uuid not null);
            """;

    public void Register(EventHandlers on) =>
        on.OnPage<IChurnEvent, PersonalDataErased>(
            (page, sql) =>
            {
                foreach (var e in page)
                    Add(e, sql);
            }
        );

    static void Add(RecordedEvent e, SqlBatch sql)
    {
        switch (e.Data)
        {
            case ChurnDeclared f:
                sql.Add(
                    """
                    insert into churn_episodes (episode_id, customer_id, state, basis, since, warned_at, declared_at, event_id)
                    values ($1, $2, 'Open', $3, $4, $5::timestamptz, $6, $7) on conflict do nothing
                    """,
                    f.EpisodeId,
                    f.CustomerId,
                    f.Basis,
                    f.Since,
                    f.WarnedAt,
                    f.OccurredAt,
                    e.Id
                );
                break;
            case EpisodeClosed f:
                sql.Add(
                    """
                    update churn_episodes set state = 'Closed', ended_at = $2, purchase_id = $3, plan_id = $4::uuid, reason = null
                    where episode_id = $1
                    """,
                    f.EpisodeId,
                    f.OccurredAt,
                    f.PurchaseId,
                    f.PlanId
                );
                break;
            case ChurnRevoked f:
                sql.Add(
                    """
                    update churn_episodes set state = 'Revoked', ended_at = $2, reason = $3, purchase_id = null, plan_id = null
                    where episode_id = $1
                    """,
                    f.EpisodeId,
                    f.OccurredAt,
                    f.Reason
                );
                break;
            case EpisodeReopened f:
                sql.Add(
                    """
                    update churn_episodes set state = 'Open', ended_at = null, reason = null, purchase_id = null, plan_id = null
                    where episode_id = $1
                    """,
                    f.EpisodeId
                );
                break;
            case ChurnCauseFound f:
                sql.Add(
                    "update churn_episodes set found = $2, shares = $3::jsonb, evidence = $4::jsonb where episode_id = $1",
                    f.EpisodeId,
                    f.Cause,
                    JsonSerializer.Serialize(f.Shares, EventStoreOptions.Json),
                    JsonSerializer.Serialize(f.Evidence, EventStoreOptions.Json)
                );
                break;
            case ChurnCauseStated f:
                sql.Add(
                    """
                    update churn_episodes set stated = $2, competitor = $3::text, stated_by = $4, stated_at = $5 where episode_id = $1
                    """,
                    f.EpisodeId,
                    f.Cause,
                    f.Competitor,
                    f.By,
                    f.OccurredAt
                );
                break;
            case RiskBandChanged f:
                sql.Add(
                    """
                    insert into churn_risks (customer_id, band, since, model_id, event_id) values ($1, $2, $3, $4, $5)
                    on conflict (customer_id) do update set (band, since, model_id, event_id) =
                        (excluded.band, excluded.since, excluded.model_id, excluded.event_id)
                    """,
                    f.CustomerId,
                    f.To.ToString(),
                    f.OccurredAt,
                    f.ModelId,
                    e.Id
                );
                break;
            case PersonalDataErased:
                Forget(e.StreamId, sql);
                break;
            case ChurnErased f:
                Forget(f.CustomerId, sql);
                break;
        }
    }

    static void Forget(Guid customer, SqlBatch sql)
    {
        sql.Add("delete from churn_episodes where customer_id = $1", customer);
        sql.Add("delete from churn_risks where customer_id = $1", customer);
    }
}
