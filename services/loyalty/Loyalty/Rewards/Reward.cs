namespace CrmPlatform.Loyalty.Rewards;

/// <summary>What can happen to a reward.</summary>
public interface IRewardEvent;

/// <param name="Stock">How many there are; null is without limit.</param>
public sealed record RewardCreated(string Code, Offer Offer, long? Stock, DateTimeOffset OccurredAt) : IRewardEvent;

public sealed record RewardChanged(Offer Offer, DateTimeOffset OccurredAt) : IRewardEvent;

public sealed record RewardPublished(DateTimeOffset OccurredAt) : IRewardEvent;

public sealed record RewardWithdrawn(DateTimeOffset OccurredAt) : IRewardEvent;

/// <param name="Delta">Negative where goods are broken, lost or given away otherwise.</param>
/// <param name="Reason">A code.</param>
public sealed record RewardRestocked(long Delta, string Reason, DateTimeOffset OccurredAt) : IRewardEvent;

public sealed record StockReserved(Guid OrderId, DateTimeOffset OccurredAt) : IRewardEvent;

/// <summary>An order came to nothing: somebody else may have it.</summary>
public sealed record StockReleased(Guid OrderId, DateTimeOffset OccurredAt) : IRewardEvent;

/// <summary>Something that members get for points. Its stream's id is derived from its code, so there is one of each code.</summary>
public sealed record Reward : IAggregate<Reward, IRewardEvent>
{
    public static Reward Initial { get; } = new();

    public static Stream<Reward, IRewardEvent> Of(Guid id) => new(id);

    public string Code { get; init; } = "";
    public Offer? Offer { get; init; }

    /// <summary>How many can still be reserved; null is without limit.</summary>
    public long? Stock { get; init; }
    public bool IsPublished { get; init; }

    public static Guid IdOf(string code) => NameId.For("reward", code);

    /// <exception cref="NotFoundException">There is no such reward.</exception>
    public Reward Known(Guid id) => Offer is null ? throw new NotFoundException("reward", id) : this;

    public Reward Evolve(IRewardEvent @event) =>
        @event switch
        {
            RewardCreated e => this with { Code = e.Code, Offer = e.Offer, Stock = e.Stock },
            RewardChanged e => this with { Offer = e.Offer },
            RewardPublished => this with { IsPublished = true },
            RewardWithdrawn => this with { IsPublished = false },
            RewardRestocked e => this with { Stock = Stock + e.Delta },
            StockReserved => this with { Stock = Stock - 1 },
            StockReleased => this with { Stock = Stock + 1 },
            _ => this,
        };
}
