using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Retracting;

/// <summary>
/// What of that which was told has not been taken back yet, by whichever retraction, or forgotten. A purchase of which a return was taken
/// back is there under its next id.
/// </summary>
public sealed class StillTold(NpgsqlDataSource db, EventStore store)
{
    sealed record Row
    {
        public Guid Told { get; init; }
        public Guid Id { get; init; }
        public bool Ended { get; init; }
        public bool There { get; init; }
        public Guid[] Returns { get; init; } = [];
    }

    public async Task<IReadOnlyList<ToldFacts.Told>> Of(IReadOnlyList<ToldFacts.Told> told, CancellationToken ct) =>
        [.. await Orders([.. told.Where(t => t.Purchase || t.Returns is { Count: > 0 })], ct), .. await Customers(told, ct)];

    async Task<List<ToldFacts.Told>> Orders(IReadOnlyList<ToldFacts.Told> told, CancellationToken ct)
    {
        var left = new List<ToldFacts.Told>();
        // By the id that each has now: as long as that was retracted, the next one, with its names of the returns.
        var at = told.ToDictionary(t => t.Stream, t => (Told: t, Returns: t.Returns ?? []));
        while (at.Count > 0)
        {
            var rows = await db.Query<Row>(
                """
                select a.told as Told, a.id as Id, coalesce(bool_or(e.type = any(@retracted)), false) as Ended,
                    coalesce(bool_or(e.type = any(@made)
                        and (a.id = a.told or e.data -> 'before' @> to_jsonb(a.told::text))), false) as There,
                    coalesce(array_agg((e.data ->> 'returnId')::uuid) filter (where e.type = any(@returned)), '{}') as Returns
                from unnest(@tolds, @ids) a(told, id) left join mt_events e on e.stream_id = a.id group by a.told, a.id
                """,
                new
                {
                    tolds = at.Values.Select(a => a.Told.Stream).ToArray(),
                    ids = at.Keys.ToArray(),
                    retracted,
                    made,
                    returned,
                },
                ct
            );
            var next = new Dictionary<Guid, (ToldFacts.Told Told, IReadOnlyList<Guid> Returns)>();
            foreach (var row in rows)
            {
                var (one, returns) = at[row.Id];
                if (row.Ended)
                    next.Add(Order.After(row.Id), (one, [.. returns.Select(r => ReturnGoods.Again(Order.After(row.Id), r))]));
                else if (row.There && one.Purchase)
                    left.Add(one);
                else if (row.There && returns.Intersect(row.Returns).ToList() is { Count: > 0 } there)
                    left.Add(one with { Returns = there });
            }
            at = next;
        }
        return left;
    }

    async Task<IEnumerable<ToldFacts.Told>> Customers(IReadOnlyList<ToldFacts.Told> told, CancellationToken ct)
    {
        var forgotten = await db.Query<Guid>(
            "select id from directory where id = any(@ids) and forgotten",
            new { ids = told.Where(t => t.Customer).Select(t => t.Stream).ToArray() },
            ct
        );
        var numbers = (
            await db.Query<(Guid Customer, string System, string Value)>(
                "select customer_id, system, value from directory_external_ids where customer_id = any(@ids)",
                new { ids = told.Where(t => t.ExternalIds is { Count: > 0 }).Select(t => t.Stream).ToArray() },
                ct
            )
        ).ToLookup(n => n.Customer, n => new ExternalId(n.System, n.Value));
        return told.Where(t => t.Customer)
            .ExceptBy(forgotten, t => t.Stream)
            .Concat(
                told.Where(t => t.ExternalIds is { Count: > 0 })
                    .Select(t => t with { ExternalIds = [.. t.ExternalIds!.Intersect(numbers[t.Stream])] })
            );
    }

    readonly string[] retracted = NamesOf<PurchaseRetracted>(store);
    readonly string[] made = NamesOf<PurchaseMade>(store);
    readonly string[] returned = NamesOf<GoodsReturned>(store);

    static string[] NamesOf<T>(EventStore store) => [.. store.StoredShapes.Where(s => s.Value == typeof(T)).Select(s => s.Key)];
}
