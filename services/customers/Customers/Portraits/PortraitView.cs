using System.Text.Json;
using BitFaster.Caching.Lru;
using CrmPlatform.Customers.Timelines;

namespace CrmPlatform.Customers.Portraits;

/// <summary>
/// The live portraits: each customer's folded timeline, kept up to date page by page. The state is opaque to SQL. States that were written last are
/// kept in memory; one is used again only at the position that its row has.
/// </summary>
public sealed class PortraitView(Business business) : IProjection
{
    readonly FastConcurrentLru<Guid, (long Position, PortraitState State)> written = new(5_000);

    public string Name => "portraits-2";

    public string Ddl => "create table if not exists portrait (customer_id uuid primary key, position bigint not null, state bytea not null)";

    /// <summary>What other contexts answer to a fact comes within milliseconds of one another: one page takes it.</summary>
    public TimeSpan Rest => TimeSpan.FromMilliseconds(10);

    public void Register(EventHandlers on) => on.OnFold<Noted>(Fold);

    async Task Fold(IReadOnlyList<RecordedEvent> page, NpgsqlConnection connection, SqlBatch sql, CancellationToken ct)
    {
        var news = page.GroupBy(e => ((Noted)e.Data).CustomerId).ToList();
        var ids = news.ConvertAll(g => g.Key).ToArray();
        var known = ids.ToDictionary(id => id, id => written.TryGet(id, out var last) ? last : default);
        var states = new Dictionary<Guid, PortraitState>();
        await using (var load = new NpgsqlCommand("""
            select p.customer_id, case when p.position <> k.position then p.state end from unnest($1::uuid[], $2::bigint[]) k(customer_id, position) join portrait p using (customer_id)
            """, connection) { Parameters = { new() { Value = ids }, new() { Value = Array.ConvertAll(ids, id => known[id].Position) } } })
        await using (var rows = await load.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
            {
                var id = rows.GetGuid(0);
                states[id] = rows.IsDBNull(1) ? known[id].State : Read(rows.GetFieldValue<byte[]>(1));
            }
        foreach (var g in news)
        {
            var state = g.Aggregate(states.GetValueOrDefault(g.Key) ?? new(g.Key), (s, e) => s.Fold((Noted)e.Data, business.Zone));
            states[g.Key] = state;
            written.AddOrUpdate(g.Key, (g.Last().Sequence, state));
        }
        sql.Add("""
            insert into portrait (customer_id, position, state) select * from unnest($1, $2, $3)
            on conflict (customer_id) do update set position = excluded.position, state = excluded.state
            """, ids, news.ConvertAll(g => g.Last().Sequence).ToArray(), Array.ConvertAll(ids, id => Write(states[id])));
    }

    public static PortraitState Read(byte[] json) => JsonSerializer.Deserialize<PortraitState>(json, EventStoreOptions.Json)!;

    public static byte[] Write(PortraitState state) => JsonSerializer.SerializeToUtf8Bytes(state, EventStoreOptions.Json);
}
