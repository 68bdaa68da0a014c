namespace CrmPlatform.Loyalty.Rewards;

/// <summary>What can happen to a member's allowance of one reward.</summary>
public interface IAllowanceEvent;

public sealed record AllowanceUsed(Guid OrderId, DateTimeOffset OccurredAt) : IAllowanceEvent;

public sealed record AllowanceFreed(Guid OrderId, DateTimeOffset OccurredAt) : IAllowanceEvent;

/// <summary>
/// How many of one reward a member has, open or confirmed. A stream of its own, so that two orders of one member meet there. It counts also
/// where there is no limit: one may come.
/// </summary>
public sealed record Allowance : IAggregate<Allowance, IAllowanceEvent>
{
    public static Allowance Initial { get; } = new();

    public int Used { get; init; }

    public static Guid IdOf(Guid rewardId, Guid customerId) => NameId.For("reward-member", rewardId.ToString(), customerId.ToString());

    public static Stream<Allowance, IAllowanceEvent> Of(Guid rewardId, Guid customerId) => new(IdOf(rewardId, customerId));

    public Allowance Evolve(IAllowanceEvent @event) =>
        @event switch
        {
            AllowanceUsed => this with { Used = Used + 1 },
            AllowanceFreed => this with { Used = Used - 1 },
            _ => this,
        };
}
