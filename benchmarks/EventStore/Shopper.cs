using CrmPlatform.EventSourcing;

namespace CrmPlatform.EventStoreBenchmarks;

public interface IShopperEvent;

public sealed record OrderPlaced(Guid Order, string Shop, string Currency, DateTimeOffset PlacedAt) : IShopperEvent;

public sealed record LineAdded(Guid Order, string Sku, string Name, int Quantity, decimal Price) : IShopperEvent;

public sealed record OrderPaid(Guid Order, decimal Amount, string Method, string Reference) : IShopperEvent;

/// <summary>83 bytes as JSON: what the size of an event is measured with.</summary>
public sealed record PageViewed(string Page, string Channel, int Seconds) : IShopperEvent;

/// <summary>One stream per customer; each command places an order: three facts of 100 to 160 bytes.</summary>
public sealed record Shopper(int Orders, decimal Spent) : IAggregate<Shopper, IShopperEvent>
{
    public static Shopper Initial { get; } = new(0, 0);

    public static Stream<Shopper, IShopperEvent> Of(Guid id) => new(id);

    public Shopper Evolve(IShopperEvent @event) =>
        @event switch
        {
            OrderPlaced => this with { Orders = Orders + 1 },
            OrderPaid e => this with { Spent = Spent + e.Amount },
            _ => this,
        };

    /// <summary>The same facts for every shape, and for the bare insert: only the way into the log differs.</summary>
    public IShopperEvent[] Order()
    {
        if (Spent < 0)
            throw new RuleViolationException("in-debt", "nobody buys on credit");
        var now = TimeProvider.System.GetUtcNow();
        var (order, price) = (Guid.CreateVersion7(now), 9.90m + Random.Shared.Next(20_000) / 100m);
        return
        [
            new OrderPlaced(order, "西湖 store 14", "CNY", now),
            new LineAdded(order, "sku-" + Random.Shared.Next(100_000), "Longjing tea, first harvest, 250 g", 2, price),
            new OrderPaid(order, 2 * price, "wechat-pay", "4200002431202611250" + Random.Shared.Next(100_000, 999_999)),
        ];
    }
}

/// <summary>One row per customer.</summary>
/// <param name="each">An upsert for each event, as inline; else one statement for a page of them.</param>
public sealed class Spending(string name, bool each = false) : IProjection
{
    readonly string table = name.Replace('-', '_');

    public string Name => name;
    public string Ddl => $"create table if not exists {table} (id uuid primary key, events bigint not null, spent numeric not null)";

    public void Register(EventHandlers on) => _ = each ? on.On<IShopperEvent>(Add) : on.OnPage<IShopperEvent>(Sum);

    void Add(IShopperEvent fact, RecordedEvent e, SqlBatch sql) =>
        sql.Add(
            $"""
            insert into {table} as t (id, events, spent) values ($1, 1, $2)
            on conflict (id) do update set events = t.events + 1, spent = t.spent + excluded.spent
            """,
            e.StreamId,
            Paid(e)
        );

    void Sum(IReadOnlyList<RecordedEvent> page, SqlBatch sql)
    {
        var sums = new Dictionary<Guid, (long Events, decimal Spent)>();
        foreach (var e in page)
        {
            var (events, spent) = sums.GetValueOrDefault(e.StreamId);
            sums[e.StreamId] = (events + 1, spent + Paid(e));
        }
        sql.Add(
            $"""
            insert into {table} as t (id, events, spent) select * from unnest($1::uuid[], $2::bigint[], $3::numeric[])
            on conflict (id) do update set events = t.events + excluded.events, spent = t.spent + excluded.spent
            """,
            sums.Keys.ToArray(),
            sums.Values.Select(s => s.Events).ToArray(),
            sums.Values.Select(s => s.Spent).ToArray()
        );
    }

    static decimal Paid(RecordedEvent e) => e.Data is OrderPaid paid ? paid.Amount : 0;
}
