using System.Runtime.Serialization;
using CrmPlatform.EventSourcing;

namespace CrmPlatform.EventSourcing.Tests;

public interface IBasketEvent;

public sealed record ItemAdded(string Item, int Quantity, string? Note = null) : IBasketEvent;

[DataContract(Name = "basket_paid")]
public sealed record PaymentTaken(decimal Amount) : IBasketEvent;

public sealed record Basket(int Items, bool Paid) : IAggregate<Basket, IBasketEvent>
{
    public static Basket Initial { get; } = new(0, false);

    public static Stream<Basket, IBasketEvent> Of(Guid id) => new(id);

    public Basket Evolve(IBasketEvent @event) =>
        @event switch
        {
            ItemAdded e => this with { Items = Items + e.Quantity },
            PaymentTaken => this with { Paid = true },
            _ => this,
        };

    public IBasketEvent[] Add(int quantity = 1, int atMost = int.MaxValue, string item = "苹果") =>
        Items + quantity > atMost
            ? throw new RuleViolationException("basket-full", "no more room", "quantity")
            : [new ItemAdded(item, quantity)];
}

public interface IJournalEvent;

public sealed record Noted(int Number) : IJournalEvent;

public sealed record Journal : IAggregate<Journal, IJournalEvent>
{
    public static Journal Initial { get; } = new();

    public static Stream<Journal, IJournalEvent> Of(Guid id) => new(id);

    public Journal Evolve(IJournalEvent @event) => this;
}

/// <summary>Counts items per basket. While it is <see cref="Poisonous"/>, it fails on the item "poison".</summary>
/// <param name="pause">For how many milliseconds a page stays uncommitted, in the daemon and in a rebuild.</param>
public sealed class BasketCounts(string name = "basket-counts", string table = "basket_counts", int pause = 0) : IProjection
{
    public bool Poisonous { get; set; }

    public string Name => name;
    public string Ddl => $"create table if not exists {table} (id uuid primary key, items int not null, events int not null)";

    public void Register(EventHandlers on)
    {
        if (pause == 0)
            on.On<ItemAdded>(Count);
        else
            on.OnPage<ItemAdded>(
                (page, sql) =>
                {
                    foreach (var e in page)
                        Count((ItemAdded)e.Data, e, sql);
                    if (page[0].Sequence > 0)
                        sql.Add("select pg_sleep($1)", pause / 1_000.0); // not inline, where the sequence is still 0
                }
            );
    }

    public void Count(ItemAdded added, RecordedEvent e, SqlBatch sql)
    {
        if (Poisonous && added.Item == "poison")
            throw new InvalidOperationException("poison");
        sql.Add(
            $"""
            insert into {table} as b (id, items, events) values ($1, $2, 1)
            on conflict (id) do update set items = b.items + excluded.items, events = b.events + 1
            """,
            e.StreamId,
            added.Quantity
        );
    }
}

/// <summary>Records every event that it gets, in the order of arrival.</summary>
public sealed class Recorder(string name = "recorder") : ISubscription
{
    readonly List<RecordedEvent> seen = [];

    public string Name => name;
    public IReadOnlyList<RecordedEvent> Seen
    {
        get
        {
            lock (seen)
                return [.. seen];
        }
    }

    public Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        lock (seen)
            seen.AddRange(page);
        return Task.CompletedTask;
    }
}
