using System.Text.Json;
using BitFaster.Caching.Lru;
using CrmPlatform.Portraits.Timelines;

namespace CrmPlatform.Portraits.Portraits;

/// <summary>A customer's portrait with new entries in it, and of how many entries the stored one was made.</summary>
public sealed record Folded(int Expected, PortraitState State, IReadOnlyList<Entry> Entries);

/// <summary>
/// The live portraits: each customer's folded timeline. The number of entries is the version of a row: who folds says from which it came.
/// The state is opaque to SQL; one that an earlier fold has written is made again from the timeline when it is next needed. States that
/// were written last are kept in memory.
/// </summary>
public sealed class PortraitTable(NpgsqlDataSource db, Business business)
{
    public const string Table = """
        ;create table if not exists read.portrait (
            customer_id uuid primary key, entries int not null, fold int not null, state bytea not null);
        grant select, insert, update on read.portrait to :app
        """;

    /// <summary>Parameters 8 to 12 are <see cref="Values"/>.</summary>
    public const string Move = """
        update portrait p set (entries, fold, state) = (m.entries, $12, m.state)
            from unnest($8::uuid[], $9::int[], $10::int[], $11::bytea[]) m(customer_id, expected, entries, state)
        where p.customer_id = m.customer_id and p.entries = m.expected returning 1
        """;

    /// <inheritdoc cref="Move"/>
    public const string Begin = """
        insert into portrait (customer_id, entries, fold, state)
        select m.customer_id, m.entries, $12, m.state
            from unnest($8::uuid[], $9::int[], $10::int[], $11::bytea[]) m(customer_id, expected, entries, state) where m.expected = 0
        on conflict do nothing returning 1
        """;

    readonly FastConcurrentLru<Guid, PortraitState> written = new(5_000);

    public static object[] Values(IReadOnlyList<Folded> folded) =>
        [
            folded.Select(f => f.State.CustomerId).ToArray(),
            folded.Select(f => f.Expected).ToArray(),
            folded.Select(f => f.State.Entries).ToArray(),
            folded.Select(f => Write(f.State)).ToArray(),
            PortraitState.Fold,
        ];

    /// <summary>
    /// The portraits that these entries change, with them. What a room recorded of somebody after they were forgotten leaves nothing.
    /// </summary>
    public async Task<IReadOnlyList<Folded>> With(IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        var news = entries.ToLookup(e => e.CustomerId);
        var states = new Dictionary<Guid, PortraitState>();
        foreach (var customer in news.Select(n => n.Key))
            if (written.TryGet(customer, out var state))
                states[customer] = state;
        var unknown = news.Select(n => n.Key).Where(c => !states.ContainsKey(c)).ToArray();
        if (unknown.Length > 0)
            foreach (var state in await Read(unknown, ct))
                states[state.CustomerId] = state;
        // What a retraction takes back is in the state already: the portrait is made from the timeline.
        var retracted = news.Where(n => n.Any(e => e.Says is Contracts.PurchaseRetracted)).Select(n => n.Key).ToArray();
        var timelines = (await TimelinesOf(retracted, ct)).ToLookup(e => e.CustomerId);
        return
        [
            .. from n in news
            let before = timelines[n.Key].ToList()
            let state = before.Count == 0
                ? states.GetValueOrDefault(n.Key) ?? new() { CustomerId = n.Key }
                : new() { CustomerId = n.Key, ForgottenAt = states.GetValueOrDefault(n.Key)?.ForgottenAt }
            let forgotten = state.ForgottenAt ?? n.Where(e => e.Says is Contracts.CustomerForgotten).Min(e => (DateTimeOffset?)e.RecordedAt)
            let heard = n.Where(e => !(e.RecordedAt > forgotten)).ToList()
            where heard.Count > 0
            orderby n.Key
            select new Folded(before.Count == 0 ? state.Entries : before.Count, state.With([.. before, .. heard], business.Zone), heard),
        ];
    }

    async Task<IReadOnlyList<Entry>> TimelinesOf(Guid[] customers, CancellationToken ct)
    {
        if (customers.Length == 0)
            return [];
        await using var connection = await db.OpenConnectionAsync(ct);
        return await Timeline.Of(connection, customers, null, null, ct);
    }

    /// <summary>They were written.</summary>
    public void Remember(IReadOnlyList<Folded> folded)
    {
        foreach (var f in folded)
            written.AddOrUpdate(f.State.CustomerId, f.State);
    }

    /// <summary>What is remembered of them was no basis.</summary>
    public void Forget(IReadOnlyList<Folded> folded)
    {
        foreach (var f in folded)
            written.TryRemove(f.State.CustomerId, out _);
    }

    /// <summary>The live portraits of these customers, as far as anything was heard of them.</summary>
    public async Task<IReadOnlyList<PortraitState>> Read(Guid[] customers, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await States(
            connection,
            await connection.QueryAsync<Row>(
                new CommandDefinition(
                    "select customer_id, case fold when @fold then state end as state from portrait where customer_id = any(@customers)",
                    new { customers, fold = PortraitState.Fold },
                    cancellationToken: ct
                )
            ),
            ct
        );
    }

    /// <summary>The live portraits of a customer and of those who are one with them, as far as anything was heard of them.</summary>
    public async Task<(Group? Group, IReadOnlyList<PortraitState> Members)> Read(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (
            await connection.QueryAsync<Row>(
                new CommandDefinition(
                    $"""
                    with g as materialized ({Group.Last})
                    select customer_id, case fold when @fold then state end as state, (select data::text from g) as change
                    from portrait where customer_id = any(array({Group.Ids}))
                    """,
                    new
                    {
                        id,
                        knownAt = (DateTime?)null,
                        fold = PortraitState.Fold,
                    },
                    cancellationToken: ct
                )
            )
        ).AsList();
        return (Group.Read(rows.Find(r => r.CustomerId == id)?.Change), await States(connection, rows, ct));
    }

    /// <summary>The portraits that these entries make, one for each customer.</summary>
    public IReadOnlyList<PortraitState> Fold(IEnumerable<Entry> entries) =>
        [.. entries.GroupBy(e => e.CustomerId).Select(e => new PortraitState { CustomerId = e.Key }.With(e, business.Zone))];

    /// <summary>One that an earlier fold has written is made again.</summary>
    async Task<IReadOnlyList<PortraitState>> States(NpgsqlConnection connection, IEnumerable<Row> rows, CancellationToken ct)
    {
        var (states, old) = (new List<PortraitState>(), new List<Guid>());
        foreach (var row in rows)
            if (row.State is { } state)
                states.Add(JsonSerializer.Deserialize<PortraitState>(state, EventStoreOptions.Json)!);
            else
                old.Add(row.CustomerId);
        if (old.Count > 0)
            states.AddRange(Fold(await Timeline.Of(connection, [.. old], null, null, ct)));
        return states;
    }

    static byte[] Write(PortraitState state) => JsonSerializer.SerializeToUtf8Bytes(state, EventStoreOptions.Json);

    sealed class Row
    {
        public Guid CustomerId { get; init; }
        public byte[]? State { get; init; }

        /// <summary>The last change of the group of the customer who was asked for.</summary>
        public string? Change { get; init; }
    }
}
