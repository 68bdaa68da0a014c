namespace CrmPlatform.Loyalty.Rewards;

/// <summary>What can happen to an order.</summary>
public interface IRewardOrderEvent
{
    DateTimeOffset OccurredAt { get; }
}

/// <param name="Reward">The reward's code.</param>
/// <param name="Tier">The member's tier at this instant: it made the price.</param>
/// <param name="Points">What was spent.</param>
/// <param name="ValidDays">How long the code will last that a confirmation issues; null where it issues none.</param>
/// <param name="LapsesAt">Confirmed before this instant, or given back at it.</param>
public sealed record RewardReserved(
    Guid CustomerId,
    Guid RewardId,
    string Reward,
    RewardKind Kind,
    string Tier,
    long Points,
    int? ValidDays,
    DateTimeOffset LapsesAt,
    DateTimeOffset OccurredAt
) : IRewardOrderEvent;

public sealed record RewardConfirmed(Guid CustomerId, string Reward, long Points, Coupon? Coupon, DateTimeOffset OccurredAt)
    : IRewardOrderEvent;

/// <summary>The member has it in hand: from here on there is no way back.</summary>
public sealed record RewardFulfilled(DateTimeOffset OccurredAt) : IRewardOrderEvent;

public sealed record RewardCancelled(Guid CustomerId, string Reward, long Points, DateTimeOffset OccurredAt) : IRewardOrderEvent;

/// <param name="OccurredAt">The instant until which it was reserved, however late the clock came by.</param>
public sealed record ReservationLapsed(Guid CustomerId, string Reward, long Points, DateTimeOffset OccurredAt) : IRewardOrderEvent;

/// <param name="Reference">What it was used for: the till's number of it.</param>
public sealed record CouponUsed(Guid CustomerId, string Reward, string Reference, DateTimeOffset OccurredAt) : IRewardOrderEvent;

/// <summary>A code that is used once. Who knows it may use it: it is in no contract, no log line and no URL.</summary>
public sealed record Coupon(string Code, DateTimeOffset ValidUntil);

public enum OrderStatus
{
    None,
    Reserved,
    Confirmed,
    Fulfilled,
    Cancelled,
    Lapsed,
}

/// <summary>One member's order of one reward, at the price of the moment at which it was reserved.</summary>
public sealed record RewardOrder : IAggregate<RewardOrder, IRewardOrderEvent>
{
    public static RewardOrder Initial { get; } = new();

    public static Stream<RewardOrder, IRewardOrderEvent> Of(Guid id) => new(id);

    public RewardReserved? Reserved { get; init; }
    public OrderStatus Status { get; init; }
    public Coupon? Coupon { get; init; }
    public string? UsedFor { get; init; }

    /// <exception cref="NotFoundException">There is no such order.</exception>
    public RewardOrder Known(Guid id) => Reserved is null ? throw new NotFoundException("order", id) : this;

    /// <summary>Half-open: at the instant at which it lapses it has lapsed, whether that is written down or not.</summary>
    public bool HasLapsed(DateTimeOffset at) =>
        Status == OrderStatus.Lapsed || (Status == OrderStatus.Reserved && Reserved!.LapsesAt <= at);

    public RewardOrder Evolve(IRewardOrderEvent @event) =>
        @event switch
        {
            RewardReserved e => this with { Reserved = e, Status = OrderStatus.Reserved },
            RewardConfirmed e => this with { Status = OrderStatus.Confirmed, Coupon = e.Coupon },
            RewardFulfilled => this with { Status = OrderStatus.Fulfilled },
            RewardCancelled => this with { Status = OrderStatus.Cancelled },
            ReservationLapsed => this with { Status = OrderStatus.Lapsed },
            CouponUsed e => this with { Status = OrderStatus.Fulfilled, UsedFor = e.Reference },
            _ => this,
        };
}
