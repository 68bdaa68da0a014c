using System.Text.Json;

namespace CrmPlatform.Loyalty.Rewards;

/// <summary>The catalogue as it is now, written with the facts themselves: nobody is shown what is gone.</summary>
public sealed class RewardView : IProjection
{
    public string Name => "reward";

    public string Ddl => """
        create table if not exists reward (
            reward_id uuid primary key, code text not null unique, kind text not null, offer jsonb not null, stock bigint, published boolean not null default false, version bigint not null);
        """;

    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type>
    {
        typeof(RewardCreated), typeof(RewardChanged), typeof(RewardPublished), typeof(RewardWithdrawn), typeof(RewardRestocked), typeof(StockReserved), typeof(StockReleased),
    };

    public void Project(RecordedEvent e, SqlBatch batch)
    {
        var (id, version) = (e.StreamId, e.Version);
        _ = e.Data switch
        {
            RewardCreated r => batch.Add("insert into reward (reward_id, code, kind, offer, stock, version) values ($1, $2, $3, $4::jsonb, $5, $6)", id, r.Code, r.Offer.Kind, Json(r.Offer), r.Stock, version),
            RewardChanged r => batch.Add("update reward set kind = $2, offer = $3::jsonb, version = $4 where reward_id = $1", id, r.Offer.Kind, Json(r.Offer), version),
            RewardPublished or RewardWithdrawn => batch.Add("update reward set published = $2, version = $3 where reward_id = $1", id, e.Data is RewardPublished, version),
            RewardRestocked r => Stock(r.Delta),
            StockReserved => Stock(-1),
            StockReleased => Stock(+1),
            _ => batch,
        };

        SqlBatch Stock(long delta) => batch.Add("update reward set stock = stock + $2, version = $3 where reward_id = $1", id, delta, version);
    }

    static string Json(Offer offer) => JsonSerializer.Serialize(offer, EventStoreOptions.Json);
}
