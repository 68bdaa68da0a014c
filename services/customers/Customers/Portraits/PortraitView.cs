using System.Text.Json;
using CrmPlatform.Customers.Timelines;

namespace CrmPlatform.Customers.Portraits;

/// <summary>The live portraits: each customer's folded timeline, kept up to date page by page.</summary>
public sealed class PortraitView(Business business) : IProjection
{
    public string Name => "portraits";
    public string Ddl => "create table if not exists portraits (customer_id uuid primary key, state jsonb not null)";

    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type> { typeof(Noted) };

    public void Project(RecordedEvent e, SqlBatch batch) => throw new NotSupportedException("portraits are folded page by page");

    public async Task ProjectPage(IReadOnlyList<RecordedEvent> page, NpgsqlConnection connection, SqlBatch batch, CancellationToken ct)
    {
        var states = new Dictionary<Guid, PortraitState>();
        await using (var load = new NpgsqlCommand("select state::text from portraits where customer_id = any($1)", connection) { Parameters = { new() { Value = page.Select(e => ((Noted)e.Data).CustomerId).Distinct().ToArray() } } })
        await using (var rows = await load.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
            {
                var state = Read(rows.GetString(0));
                states[state.CustomerId] = state;
            }
        foreach (var e in page.Select(e => (Noted)e.Data))
            states[e.CustomerId] = (states.GetValueOrDefault(e.CustomerId) ?? new(e.CustomerId)).Fold(e, business.Zone);
        batch.Add("insert into portraits select * from unnest($1, $2::jsonb[]) on conflict (customer_id) do update set state = excluded.state", states.Keys.ToArray(), (object)states.Values.Select(Write).ToArray());
    }

    public static PortraitState Read(string json) => JsonSerializer.Deserialize<PortraitState>(json, EventStoreOptions.Json)!;

    public static string Write(PortraitState state) => JsonSerializer.Serialize(state, EventStoreOptions.Json);
}
