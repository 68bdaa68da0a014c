using System.Text.Json;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>The catalogue as it is now, written with the facts themselves: nobody is shown what is gone.</summary>
public sealed class RewardView : IProjection
{
    public string Name => "reward";

    public string Ddl =>
        """
            create table if not exists reward (
                reward_id uuid primary key, code text not null unique, kind text not null, offer jsonb not null,
                stock bigint, published boolean not null default false, version bigint not null);
            """;

    public void Register(EventHandlers on) =>
        on.On<RewardCreated>(
                (r, e, sql) =>
                    sql.Add(
                        """
                        insert into reward (reward_id, code, kind, offer, stock, version) values ($1, $2, $3, $4::jsonb, $5, $6)
                        """,
                        e.StreamId,
                        r.Code,
                        r.Offer.Kind,
                        Json(r.Offer),
                        r.Stock,
                        e.Version
                    )
            )
            .On<RewardChanged>(
                (r, e, sql) =>
                    sql.Add(
                        """
                        update reward set kind = $2, offer = $3::jsonb, version = $4 where reward_id = $1
                        """,
                        e.StreamId,
                        r.Offer.Kind,
                        Json(r.Offer),
                        e.Version
                    )
            )
            .On<RewardPublished>((_, e, sql) => Published(true, e, sql))
            .On<RewardWithdrawn>((_, e, sql) => Published(false, e, sql))
            .On<RewardRestocked>((r, e, sql) => Stock(r.Delta, e, sql))
            .On<StockReserved>((_, e, sql) => Stock(-1, e, sql))
            .On<StockReleased>((_, e, sql) => Stock(+1, e, sql));

    static void Published(bool published, RecordedEvent e, SqlBatch sql) =>
        sql.Add("update reward set published = $2, version = $3 where reward_id = $1", e.StreamId, published, e.Version);

    static void Stock(long delta, RecordedEvent e, SqlBatch sql) =>
        sql.Add("update reward set stock = stock + $2, version = $3 where reward_id = $1", e.StreamId, delta, e.Version);

    static string Json(Offer offer) => JsonSerializer.Serialize(offer, EventStoreOptions.Json);
}
